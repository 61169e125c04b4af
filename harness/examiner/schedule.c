/* The mix of strategies, and iterative context bounding. */
#include "schedule.h"

#include <stdlib.h>
#include <string.h>

#include "evidence.h"

struct prefix {
	struct prefix *next;
	uint32_t count;
	uint16_t choice[];
};

struct list {
	struct prefix *first, *last; /* the last only while there is a first */
	uint32_t count;
};

struct schedule {
	struct budget budget;
	uint64_t seed;
	uint64_t planned, learned; /* executions                                               */
	uint32_t k;                /* points of the default schedule                          */
	unsigned bound;            /* of the prefixes that are taken now                      */
	struct list waiting[SCHEDULE_BOUNDS];
	struct coverage done;
};

uint64_t schedule_mix(uint64_t a, uint64_t b)
{
	uint64_t z = a + 0x9e3779b97f4a7c15u * (b + 1);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

unsigned schedule_cost(uint16_t choice, unsigned option)
{
	return explore_choice_kind(choice) == EXPLORE_CHOOSE_THREAD &&
	       explore_choice_goes_on(choice) && option != 0;
}

struct schedule *schedule_open(const struct budget *budget, uint64_t seed)
{
	struct schedule *s = calloc(1, sizeof(*s));

	if (!s)
		fault("no memory for a schedule");
	s->budget = *budget;
	s->seed = seed;
	s->done.exhausted = -1;
	return s;
}

struct schedule *schedule_bounded(const struct budget *budget)
{
	struct budget only = *budget;

	only.seeded = 0;
	return schedule_open(&only, 0);
}

static struct prefix *take(struct list *list)
{
	struct prefix *p = list->first;

	if (p) {
		list->first = p->next;
		list->count--;
	}
	return p;
}

void schedule_close(struct schedule *s)
{
	for (unsigned b = 0; b < SCHEDULE_BOUNDS; b++)
		for (struct prefix *p; (p = take(&s->waiting[b]));)
			free(p);
	free(s);
}

static void plan_seeded(const struct schedule *s, struct explore_plan *plan, uint64_t i)
{
	static const struct {
		uint8_t strategy, depth;
	} mix[] = {
		{ EXPLORE_PCT, 2 }, { EXPLORE_RANDOM, 1 }, { EXPLORE_PCT, 3 }, { EXPLORE_POS, 1 }
	};

	plan->seed = schedule_mix(s->seed, i);
	plan->strategy = mix[i % 4].strategy;
	plan->depth = mix[i % 4].depth;
	plan->k = s->k;
	plan->flags |= EXPLORE_HEAP;
	plan->spurious_max = plan->seed >> 32 & 3 ? 0 : s->budget.spurious;
	plan->timeout_max = s->budget.timeouts;
}

/* In the bounded part a wake-up without cause and an early time-out are worth one each. */
static void plan_bounded(const struct schedule *s, struct explore_plan *plan)
{
	plan->strategy = EXPLORE_DEFAULT;
	plan->spurious_max = s->budget.spurious ? 1 : 0;
	plan->timeout_max = s->budget.timeouts ? 1 : 0;
}

static bool next_bounded(struct schedule *s, struct explore_plan *plan, uint16_t *prefix)
{
	if (s->done.bounded >= s->budget.bounded)
		return false;
	while (!s->waiting[s->bound].first) {
		/* Answers under way may still add to this bound. */
		if (s->learned != s->planned)
			return false;
		s->done.exhausted = (int)s->bound;
		if (s->bound + 1 == SCHEDULE_BOUNDS)
			return false;
		s->bound++;
	}
	struct prefix *p = take(&s->waiting[s->bound]);
	plan_bounded(s, plan);
	plan->prefix = p->count;
	memcpy(prefix, p->choice, p->count * sizeof(*prefix));
	free(p);
	s->done.bounded++;
	s->done.bound[s->bound]++;
	return true;
}

bool schedule_next(struct schedule *s, struct explore_plan *plan, uint16_t *prefix)
{
	*plan = (struct explore_plan){ .index = s->planned,
				       .flags = s->budget.flags,
				       .phases = s->budget.phases,
				       .points_max = s->budget.points,
				       .k = 1,
				       .depth = 1,
				       .stale_max = UINT8_MAX };
	if (s->planned == 0) {
		plan_bounded(s, plan);
		s->done.bounded++;
		s->done.bound[0]++;
	} else if (s->learned > 0 && s->planned <= s->budget.seeded) {
		plan_seeded(s, plan, s->planned - 1);
		s->done.seeded++;
	} else if (s->learned == 0 || !next_bounded(s, plan, prefix)) {
		return false; /* k is not known yet, or there are no more */
	}
	s->planned++;
	return true;
}

static void add(struct schedule *s, unsigned bound, const uint16_t *choice, uint32_t count,
		unsigned option)
{
	/* More than will ever be run need not be kept. */
	if (bound >= SCHEDULE_BOUNDS || s->waiting[bound].count >= s->budget.bounded)
		return;
	struct prefix *p = malloc(sizeof(*p) + (count + 1) * sizeof(*choice));
	if (!p)
		fault("no memory for a schedule");
	p->next = NULL;
	p->count = count + 1;
	memcpy(p->choice, choice, count * sizeof(*choice));
	p->choice[count] = explore_choice(explore_choice_kind(choice[count]),
					  explore_choice_goes_on(choice[count]),
					  explore_choice_options(choice[count]), option);
	struct list *w = &s->waiting[bound];
	if (w->first)
		w->last->next = p;
	else
		w->first = p;
	w->last = p;
	w->count++;
}

/* Every other option of every choice after the prefix begins a schedule that nobody has run. */
static void branch(struct schedule *s, const struct execution *x)
{
	unsigned cost = 0;

	for (uint32_t i = 0; i < x->answer.choices; i++) {
		const uint16_t c = x->choice[i];
		if (i >= x->plan.prefix)
			for (unsigned o = 1; o < explore_choice_options(c); o++)
				add(s, cost + schedule_cost(c, o), x->choice, i, o);
		cost += schedule_cost(c, explore_choice_taken(c));
	}
}

void schedule_learn(struct schedule *s, const struct execution *x)
{
	if (s->learned++ == 0)
		s->k = x->answer.points ? x->answer.points : 1;
	if (x->plan.strategy == EXPLORE_DEFAULT && s->budget.bounded && !x->answer.cut)
		branch(s, x);
}

void schedule_skip(struct schedule *s)
{
	s->learned++;
}

void schedule_coverage(const struct schedule *s, struct coverage *out)
{
	*out = s->done;
}
