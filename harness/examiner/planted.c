/* Plans, plays and recognises planted errors. */
#include "planted.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

enum {
	WINDOW = 512, /* executions, in which one error is planted                             */
	DELAY_MAX = 16,
	BYTES_MIN = 64,
	BYTES_MAX = 4096,
	LIE_MIN = 1 << 30, /* no operation returns such a number                                */
};

static const struct law REPORTED = {
	.finding = "tampered",
	.name = "errors on purpose are reported",
	.why = "That nothing is found is worth something only while errors would be found.",
	.detector = "POL",
};

/* Below n; drawn now. */
static uint32_t draw(uint32_t n)
{
	uint64_t value;

	if (getrandom(&value, sizeof(value), 0) != (ssize_t)sizeof(value))
		fault("no random number: %s", strerror(errno));
	return (uint32_t)(value % n);
}

void planted_begin(struct planted *p, const struct exploration *x, uint64_t seed)
{
	p->x = x;
	p->seed = seed;
	p->number = 0;
	p->played = 0;
	p->next = draw(WINDOW);
	p->masked = false;
}

bool planted_is_due(struct planted *p, unsigned count)
{
	p->played += count;
	if (p->played < p->next)
		return false;
	p->next = p->next - p->next % WINDOW + WINDOW + draw(WINDOW);
	return true;
}

/* A long run is cut short by its error: it comes early. */
static enum explore_plant kind_of(const struct exploration *x, uint64_t seed)
{
	if (x->crowded)
		return EXPLORE_PLANT_LIE;
	const unsigned kinds = x->budget.points ? EXPLORE_PLANT_BEHIND : EXPLORE_PLANT_LIE;
	const bool no_races = x->budget.flags & (EXPLORE_RACES_OFF | EXPLORE_VT);
	const unsigned first = no_races ? EXPLORE_PLANT_FREED : EXPLORE_PLANT_RACE;

	return (enum explore_plant)(first + seed % (kinds - first + 1));
}

static void plan(const struct planted *p, struct explore_plan *out)
{
	const uint64_t seed = schedule_mix(p->seed, ~(uint64_t)p->number);
	const struct budget *b = &p->x->budget;
	const uint32_t phases = b->points && p->x->script->phases > 2 ? 2 : p->x->script->phases;

	*out = (struct explore_plan){
		.index = UINT64_MAX - 1 - p->number,
		.seed = seed,
		.flags = b->flags | EXPLORE_HEAP,
		.k = 1,
		.depth = 1,
		.points_max = b->points,
		.strategy = p->number % 2 ? EXPLORE_POS : EXPLORE_RANDOM,
		.spurious_max = b->spurious,
		.stale_max = UINT8_MAX,
		.plant = (uint8_t)kind_of(p->x, seed >> 8),
		.plant_phase = (uint8_t)((seed >> 24) % phases),
		.plant_delay = (uint8_t)((seed >> 40) % DELAY_MAX),
	};
	const bool block = out->plant == EXPLORE_PLANT_RACE || out->plant == EXPLORE_PLANT_FREED ||
			   out->plant == EXPLORE_PLANT_BEHIND;
	out->plant_bytes = block ? BYTES_MIN + draw(BYTES_MAX - BYTES_MIN)
				 : LIE_MIN + draw(LIE_MIN);
	out->plant_at = draw(out->plant == EXPLORE_PLANT_BEHIND ? 8 : BYTES_MIN);
}

static bool is_at(const struct execution *e, int64_t offset)
{
	const struct explore_memory *m = &e->answer.finding.memory;

	return m->kind == EXPLORE_MEMORY_HEAP && m->size == e->plan.plant_bytes &&
	       m->offset == offset;
}

static bool sleeps(const struct explore_finding *f, uint32_t pc)
{
	for (unsigned i = 0; i < f->threads; i++)
		if (f->thread[i].state == EXPLORE_ASLEEP && f->thread[i].at.pc == pc)
			return true;
	return false;
}

static bool was_lied(const struct exploration *x, const struct execution *e)
{
	for (uint32_t i = 0; i < x->script->ops; i++)
		if (e->answer.history[i].result[0] == e->plan.plant_bytes)
			return true;
	return false;
}

/* Whether the answer tells of the error, with its values. */
static bool is_told(const struct exploration *x, const struct execution *e)
{
	const struct explore_finding *f = &e->answer.finding;
	const bool found = e->answer.end == EXPLORE_END_FINDING &&
			   f->later.thread > x->script->threads;
	const int64_t at = e->plan.plant_at;

	switch ((enum explore_plant)e->plan.plant) {
	case EXPLORE_PLANT_RACE:
		return found && f->kind == EXPLORE_RACE && f->earlier.thread > x->script->threads &&
		       is_at(e, at);
	case EXPLORE_PLANT_FREED:
		return found && f->kind == EXPLORE_USE_AFTER_FREE && is_at(e, at);
	case EXPLORE_PLANT_BEHIND:
		return found && f->kind == EXPLORE_OVERFLOW && is_at(e, e->plan.plant_bytes + at);
	case EXPLORE_PLANT_SLEEP:
		return e->answer.end == EXPLORE_END_STUCK && sleeps(f, e->plan.plant_bytes);
	case EXPLORE_PLANT_LIE:
		return was_lied(x, e);
	case EXPLORE_PLANT_NONE:
	case EXPLORE_PLANTS:
		break;
	}
	return false;
}

/* A submission that is wrong at this schedule may be found before our error is. */
static void note_wrong(struct planted *p, const struct execution *e, const struct verdict *v)
{
	if (p->masked)
		return;
	p->masked = true;
	p->first = *e;
	p->wrong = *v;
}

bool planted_play(struct planted *p, struct explorer *e, unsigned slot)
{
	static struct execution it;
	struct verdict v;

	plan(p, &it.plan);
	p->number++;
	explorer_plan(e, slot, &it.plan, it.choice);
	explorer_begin(e, slot, 1);
	const bool alive = explorer_finish(e);
	if (!explorer_answered(e, slot, it.plan.index)) {
		it.answer = (struct explore_answer){ .end = EXPLORE_END_NONE };
		v = exploration_ended();
		note_wrong(p, &it, &v);
		return false;
	}
	law_area_kept(explorer_take(e, slot, &it));
	const bool crashed = it.answer.finding.kind == EXPLORE_CRASH;
	if (is_told(p->x, &it))
		return alive;
	LAW_OF(&REPORTED, exploration_judge(p->x, &it, &v),
	       "The explorer did not report an error that the grader had planted beside the "
	       "program's threads (%s).",
	       p->x->name);
	note_wrong(p, &it, &v);
	return alive && !crashed;
}

void planted_end(struct planted *p, struct explorer *e)
{
	while (p->number <= p->played / WINDOW)
		if (!planted_play(p, e, 0))
			explorer_restart(e);
	if (!p->masked)
		return;
	exploration_confirm(e, p->x, &p->first, &p->wrong);
	law_state(false, &p->wrong.law, "%s, beside a thread of the grader: %s", p->x->name,
		  p->wrong.what);
}

void planted_alone(struct explorer *e, const struct exploration *x, uint64_t seed)
{
	static struct planted p;

	planted_begin(&p, x, seed);
	if (!planted_play(&p, e, 0))
		explorer_restart(e);
}
