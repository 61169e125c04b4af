/* Fewer context switches: first the bounded search, whose first hit has the fewest preemptions
 * there are; where its budget ends first, greedy removal of preemptions from the last to the first.
 * Source: Musuvathi and Qadeer 2007; delta debugging (Zeller 2002) in one pass. */
#include <stdlib.h>
#include <string.h>

#include "exploration.h"

enum { SEARCH_MAX = 20000, GREEDY_MAX = 400 };

struct shrinking {
	struct explorer *e;
	const struct exploration *x;
	struct verdict wanted;
	struct execution *found, *trial;
};

/* Plays the trial; true if it is wrong in the same way. */
static bool try(struct shrinking *s)
{
	struct verdict v;

	return exploration_play(s->e, s->trial) && exploration_judge(s->x, s->trial, &v) &&
	       exploration_same(s->found, &s->wanted, s->trial, &v);
}

/* All schedules with 0, 1, 2 preemptions, as far as the budget goes. */
static bool search(struct shrinking *s)
{
	struct budget budget = s->x->budget;
	bool hit = false;

	budget.bounded = SEARCH_MAX;
	budget.flags = s->found->plan.flags & ~(uint32_t)EXPLORE_HEAP;
	budget.spurious = s->found->plan.spurious_max;
	budget.timeouts = s->found->plan.timeout_max;
	struct schedule *schedule = schedule_bounded(&budget);
	while (!hit && schedule_next(schedule, &s->trial->plan, s->trial->choice)) {
		struct verdict v;
		if (!exploration_play(s->e, s->trial))
			break;
		const bool wrong = exploration_judge(s->x, s->trial, &v);
		hit = wrong && exploration_same(s->found, &s->wanted, s->trial, &v);
		if (!wrong || s->trial->answer.end != EXPLORE_END_FINDING)
			schedule_learn(schedule, s->trial);
		else
			schedule_skip(schedule);
		if (s->trial->answer.preemptions > s->found->answer.preemptions)
			break; /* not fewer any more */
	}
	schedule_close(schedule);
	return hit && s->trial->answer.preemptions < s->found->answer.preemptions;
}

/* Keeps the choices before number i, takes the default there and after it. */
static void cut_at(struct shrinking *s, uint32_t i)
{
	const uint16_t c = s->found->choice[i];

	s->trial->plan = s->found->plan;
	s->trial->plan.strategy = EXPLORE_DEFAULT;
	s->trial->plan.prefix = i + 1;
	memcpy(s->trial->choice, s->found->choice, i * sizeof(c));
	s->trial->choice[i] = explore_choice(explore_choice_kind(c), explore_choice_goes_on(c),
					     explore_choice_options(c), 0);
}

static void greedy(struct shrinking *s)
{
	unsigned replays = 0;

	for (uint32_t i = s->found->answer.choices; i-- > 0 && replays < GREEDY_MAX;) {
		if (!schedule_cost(s->found->choice[i], explore_choice_taken(s->found->choice[i])))
			continue;
		cut_at(s, i);
		replays++;
		if (!try(s) || s->trial->answer.preemptions >= s->found->answer.preemptions)
			continue;
		*s->found = *s->trial;
		if (i > s->found->answer.choices)
			i = s->found->answer.choices;
	}
}

void shrink(struct explorer *e, const struct exploration *x, struct execution *found)
{
	struct shrinking s = { .e = e, .x = x, .found = found };

	if (found->answer.cut || !found->answer.preemptions ||
	    !exploration_judge(x, found, &s.wanted))
		return;
	s.trial = malloc(sizeof(*s.trial));
	if (!s.trial)
		fault("no memory");
	if (search(&s))
		*found = *s.trial;
	else
		greedy(&s);
	free(s.trial);
	found->plan.strategy = EXPLORE_DEFAULT;
}
