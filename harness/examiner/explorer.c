/* The shared area and the calls that have it played. */
#include "explorer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "evidence.h"

static void make_area(struct explorer *e)
{
	e->memory = memfd_create("explore", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (e->memory < 0 || ftruncate(e->memory, sizeof(struct explore_area)) ||
	    fcntl(e->memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
		fault("cannot make the shared area: %s", strerror(errno));
	e->area = mmap(NULL, sizeof(struct explore_area), PROT_READ | PROT_WRITE, MAP_SHARED,
		       e->memory, 0);
	if (e->area == MAP_FAILED)
		fault("cannot map the shared area: %s", strerror(errno));
}

/* What the last subject may have left is no answer of the next one. */
static void start(struct explorer *e)
{
	const struct explore_script script = e->area->script;

	memset(e->area, 0, sizeof(*e->area));
	e->area->magic = EXPLORE_MAGIC;
	e->area->version = EXPLORE_VERSION;
	e->area->bytes = sizeof(struct explore_area);
	e->area->script = script;
	(void)player_start(&e->player, e->stage, false);
	int64_t result = PLAYER_CALL(&e->player, "the explorer", .op = WIRE_OP_EXPLORE,
				     .fd = e->memory);
	if (result)
		fault("the explorer's runtime does not start: %s", strerror((int)-result));
}

void explorer_open(struct explorer *e, struct stage *stage)
{
	*e = (struct explorer){ .stage = stage };
	make_area(e);
	start(e);
}

void explorer_restart(struct explorer *e)
{
	player_close(&e->player);
	start(e);
}

void explorer_close(struct explorer *e)
{
	player_close(&e->player);
	(void)munmap(e->area, sizeof(*e->area));
	(void)close(e->memory);
}

void explorer_script(struct explorer *e, const struct explore_script *script)
{
	e->area->script = *script;
}

void explorer_plan(struct explorer *e, unsigned slot, const struct explore_plan *plan,
		   const uint16_t *prefix)
{
	e->area->plan[slot] = *plan;
	e->area->slot[slot].answer.index = UINT64_MAX;
	e->area->slot[slot].answer.end = EXPLORE_END_NONE;
	if (plan->prefix)
		memcpy(e->area->slot[slot].choice, prefix, plan->prefix * sizeof(*prefix));
}

void explorer_begin(struct explorer *e, unsigned first, unsigned count)
{
	e->first = first;
	e->count = count;
	e->seen = 0;
	PLAYER_BEGIN(&e->player, .op = WIRE_OP_EXPLORE, .arg = { first, count });
}

bool explorer_answered(const struct explorer *e, unsigned slot, uint64_t index)
{
	const volatile struct explore_answer *a = &e->area->slot[slot].answer;

	return a->index == index && a->end != EXPLORE_END_NONE;
}

/* An answered slot is progress, as a byte on a wire is: a batch may take long, no execution does.
 */
static bool is_over(struct explorer *e)
{
	while (e->seen < e->count &&
	       explorer_answered(e, e->first + e->seen, e->area->plan[e->first + e->seen].index)) {
		e->seen++;
		e->stage->progress++;
	}
	return e->player.returned || e->player.gone || e->player.asked;
}

/* The runtime counts points and edges, so each execution ends, however slow the machine is. */
bool explorer_finish(struct explorer *e)
{
	struct wait wait = { .patient = true };

	while (!is_over(e))
		if (!stage_turn(e->stage, &wait))
			break;
	if (!is_over(e) || !e->player.returned)
		return false;
	const int64_t *result = e->player.message->head.arg;
	if (result[0])
		fault("the explorer's runtime refuses a batch: %s", strerror((int)-result[0]));
	return result[1] == (int64_t)e->count;
}

const char *explorer_take(struct explorer *e, unsigned slot, struct execution *out)
{
	static uint16_t prefix[EXPLORE_CHOICES];
	const struct explore_slot *s = &e->area->slot[slot];

	memcpy(prefix, out->choice, out->plan.prefix * sizeof(*prefix));
	memcpy(&out->answer, &s->answer, offsetof(struct explore_answer, finding));
	if (out->answer.end != EXPLORE_END_DONE) {
		memcpy(&out->answer.finding, &s->answer.finding, sizeof(out->answer.finding));
	} else {
		out->answer.finding.kind = EXPLORE_FINDING_NONE;
		out->answer.finding.threads = 0;
		out->answer.finding.objects = 0;
	}
	__asm__ volatile("" ::: "memory"); /* what is checked from here on is the copy          */
	if (out->answer.choices > EXPLORE_CHOICES)
		return "more choices than there is room for";
	memcpy(out->choice, s->choice, out->answer.choices * sizeof(*s->choice));
	return answer_check(&e->area->script, &out->plan, prefix, &out->answer, out->choice);
}

bool explorer_play(struct explorer *e, struct execution *x)
{
	explorer_plan(e, 0, &x->plan, x->choice);
	explorer_begin(e, 0, 1);
	(void)explorer_finish(e);
	return explorer_answered(e, 0, x->plan.index);
}
