/* The loop: plan, play, judge; the subject plays one half of the slots while the other half is
 * judged on the other core. */
#include "exploration.h"

#include <stdlib.h>
#include <string.h>

#include "lab.h"
#include "planted.h"
#include "replay.h"

#define HALF (EXPLORE_SLOTS / 2)

/* One half of the slots, and what was planned for it. */
struct half {
	unsigned first, count;
	struct execution *at; /* HALF of them                                                  */
};

static const struct law CORRUPT = {
	.finding = "harness-memory",
	.name = "leaves the examiner's memory alone",
	.why = "What does not belong to the program may not be written to.",
};

void law_area_kept(const char *wrong)
{
	LAW_OF(&CORRUPT, !wrong, "the program wrote into the examiner's memory: %s", wrong);
}

/* An array: literals of equal text in other files may be one object with one here. */
static const char DIED[] = "died";
static const struct law ENDED = {
	.finding = DIED,
	.name = "the program goes on",
	.why = "No schedule may end the whole program.",
};

struct verdict exploration_ended(void)
{
	return (struct verdict){ .law = ENDED, .operation = -1 };
}

/* Whether anybody slept at the end of a phase. */
static bool has_slept(const struct exploration *x, const struct execution *e)
{
	for (uint32_t i = 0; i < x->script->ops; i++)
		if (e->answer.history[i].asleep)
			return true;
	return false;
}

bool exploration_judge(const struct exploration *x, const struct execution *e, struct verdict *v)
{
	*v = (struct verdict){ .operation = -1 };
	if (e->answer.end == EXPLORE_END_BROKEN)
		fault("the explorer's runtime: %s", e->answer.finding.text);
	if (e->answer.strayed)
		fault("a schedule could not be played: the program is not repeatable");
	if (e->answer.end != EXPLORE_END_FINDING)
		return x->judge(x, e, v);
	/* A sleep that was wrong has consequences; a race is no consequence. */
	if (e->answer.finding.kind == EXPLORE_RACE || !has_slept(x, e) || !x->judge(x, e, v))
		(void)finding_verdict(e, v);
	return true;
}

bool exploration_same(const struct execution *a, const struct verdict *va,
		      const struct execution *b, const struct verdict *vb)
{
	const struct explore_finding *f = &a->answer.finding, *g = &b->answer.finding;

	if (strcmp(va->law.finding, vb->law.finding) != 0 || a->answer.end != b->answer.end)
		return false;
	if (a->answer.end != EXPLORE_END_FINDING)
		return true;
	const bool straight = f->earlier.at.pc == g->earlier.at.pc &&
			      f->later.at.pc == g->later.at.pc;
	const bool crossed = f->earlier.at.pc == g->later.at.pc &&
			     f->later.at.pc == g->earlier.at.pc;
	return f->kind == g->kind && f->sub == g->sub && (straight || crossed);
}

bool exploration_play(struct explorer *e, struct execution *x)
{
	const bool answered = explorer_play(e, x);

	if (answered) {
		law_area_kept(explorer_take(e, 0, x));
	}
	if (!e->player.returned || !answered || x->answer.finding.kind == EXPLORE_CRASH)
		explorer_restart(e);
	return answered;
}

/* Fills a half with the next plans and has it played. */
static void begin(struct explorer *e, struct schedule *s, struct half *h)
{
	for (h->count = 0; h->count < HALF; h->count++) {
		struct execution *x = &h->at[h->count];
		if (!schedule_next(s, &x->plan, x->choice))
			break;
		explorer_plan(e, h->first + h->count, &x->plan, x->choice);
	}
	if (h->count)
		explorer_begin(e, h->first, h->count);
}

/* Judges a half in order of index. The first wrong one, or NULL. */
static struct execution *judge(struct explorer *e, const struct exploration *x, struct schedule *s,
			       struct half *h, struct verdict *v)
{
	for (unsigned i = 0; i < h->count; i++) {
		struct execution *it = &h->at[i];
		if (!explorer_answered(e, h->first + i, it->plan.index)) {
			*v = exploration_ended();
			return it;
		}
		law_area_kept(explorer_take(e, h->first + i, it));
		if (exploration_judge(x, it, v))
			return it;
		schedule_learn(s, it);
	}
	return NULL;
}

/* Twice more, each time in a process in which nothing has run. */
void exploration_confirm(struct explorer *e, const struct exploration *x,
			 const struct execution *found, const struct verdict *v)
{
	struct execution *again = malloc(sizeof(*again));
	struct verdict w;

	/* It has no answer, but perhaps that of an earlier one in its place. */
	const bool ended = v->law.finding == DIED;

	if (!again)
		fault("no memory");
	for (int i = 0; i < 2; i++) {
		explorer_restart(e);
		*again = *found;
		again->answer = (struct explore_answer){ 0 };
		/* A list that was cut is played by its seed. */
		if (!ended && !found->answer.cut)
			again->plan.prefix = found->answer.choices;
		const bool answered = exploration_play(e, again);
		if (ended) {
			LAW_OF(&ENDED, answered, "%s: one schedule ended the whole program",
			       x->name);
			fault("a program that ended does not end again");
		}
		if (!answered || !exploration_judge(x, again, &w) ||
		    again->answer.hash != found->answer.hash ||
		    !exploration_same(found, v, again, &w))
			fault("a finding (%s) does not repeat in a fresh process", v->law.finding);
	}
	free(again);
}

/* Plays it once more with its events, up to the end of the phase in which it is seen to be wrong,
 * if it is wrong by then; else to its end. */
static void play_events(struct explorer *e, const struct exploration *x, struct execution *found,
			struct verdict *v)
{
	const struct verdict before = *v;
	struct execution *whole = malloc(sizeof(*whole));

	if (!whole)
		fault("no memory");
	found->plan.flags |= EXPLORE_EVENT_LOG;
	found->plan.prefix = found->answer.cut ? found->plan.prefix : found->answer.choices;
	*whole = *found;
	found->plan.phases = before.phases;
	if (!exploration_play(e, found) || !exploration_judge(x, found, v)) {
		*found = *whole;
		if (!exploration_play(e, found) || !exploration_judge(x, found, v))
			fault("a shrunk finding (%s, %s: %s) does not repeat", x->name,
			      before.law.finding, before.what);
	}
	free(whole);
}

/* Shrinks, explains and tells it; does not return. */
static _Noreturn void tell(struct explorer *e, const struct exploration *x, struct execution *found,
			   struct verdict *v)
{
	exploration_confirm(e, x, found, v);
	shrink(e, x, found);
	if (!exploration_judge(x, found, v))
		fault("a shrunk finding is none");
	play_events(e, x, found, v);
	if (x->explain)
		x->explain(x, found, e->area->event, v);
	picture_send(x, found, e->area->event, v);
	law_state(false, &v->law, "%s: %s", x->name, v->what);
	fault("a broken law did not end the test");
}

static void tell_coverage(const struct exploration *x, const struct schedule *s)
{
	struct coverage c;

	schedule_coverage(s, &c);
	EVIDENCE("schedules", c.seeded + c.bounded);
	if (c.exhausted >= 0)
		evidence_note("%s: %u seeded schedules, and all %u with at most %d preemptions%s",
			      x->name, c.seeded,
			      c.bound[0] + (c.exhausted > 0 ? c.bound[1] : 0) +
				      (c.exhausted > 1 ? c.bound[2] : 0),
			      c.exhausted,
			      c.exhausted + 1 < (int)SCHEDULE_BOUNDS ? " (more was begun)" : "");
	else
		evidence_note("%s: %u seeded schedules, and %u without preemptions (not exhausted)",
			      x->name, c.seeded, c.bounded);
}

void explore(struct explorer *e, const struct exploration *x, unsigned number)
{
	if (replay_instead(e, x))
		return;
	static struct planted planted;
	const uint64_t seed = schedule_mix(lab_seed(), number);
	struct schedule *s = schedule_open(&x->budget, seed);
	struct half half[2] = { { .first = 0 }, { .first = HALF } };
	struct execution *found = NULL;
	struct verdict v;

	explorer_script(e, x->script);
	for (unsigned i = 0; i < 2; i++)
		if (!(half[i].at = calloc(HALF, sizeof(struct execution))))
			fault("no memory");
	planted_begin(&planted, x, seed);
	begin(e, s, &half[0]);
	for (unsigned now = 0; !found && half[now].count; now ^= 1u) {
		/* What is judged below is our own copy of the plans, and its slots are at rest
		 * while the other half is played. */
		const bool whole = explorer_finish(e);
		struct half *other = &half[now ^ 1u];
		const bool due = planted_is_due(&planted, half[now].count);
		const bool gone = whole && due && !planted_play(&planted, e, other->first);
		other->count = 0;
		if (whole && !gone)
			begin(e, s, other);
		found = judge(e, x, s, &half[now], &v);
		if (found || other->count)
			continue;
		if (gone)
			explorer_restart(e);
		begin(e, s, other); /* what has just been learned gave new plans */
	}
	if (found)
		tell(e, x, found, &v);
	planted_end(&planted, e);
	tell_coverage(x, s);
	for (unsigned i = 0; i < 2; i++)
		free(half[i].at);
	schedule_close(s);
}
