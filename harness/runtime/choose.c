/* Choices: the prefix of the plan first, then what the strategy answers from the seed; all of them
 * go into one list and one hash.
 *
 * Source: random walk; PCT (Burckhardt et al. 2010): priorities, lowered at depth-1 points among k;
 * POS (Yuan et al. 2018): a random priority for each step, drawn anew for steps that race with the
 * one taken. */
#include "runtime/choose.h"

#include "runtime/events.h"

#define PATIENCE 300u /* points that a priority of POS holds while its thread could run */

/* Few bits are set: a loop beats a call. */
static inline unsigned bits_count(unsigned mask)
{
	unsigned n = 0;

	for (; mask; mask &= mask - 1)
		n++;
	return n;
}

static uint64_t random_next(void) /* xorshift64* */
{
	uint64_t x = rt->random;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	rt->random = x;
	return x * 2685821657736338717u;
}

static unsigned random_below(unsigned n)
{
	return (unsigned)((random_next() >> 32) * n >> 32);
}

static int64_t random_priority(void)
{
	return (int64_t)(random_next() >> 2);
}

void choose_start(void)
{
	const struct explore_plan *p = rt->plan;

	rt->random = (p->seed + 1) * 0x9e3779b97f4a7c15u | 1;
	for (unsigned i = 0; i < 4; i++)
		(void)random_next();
	rt->hash = EXPLORE_HASH_START;
	rt->choices = 0;
	rt->prefix = p->prefix < EXPLORE_CHOICES ? p->prefix : EXPLORE_CHOICES;
	rt->lowest = 0;
	rt->changes = 0;
	if (p->strategy == EXPLORE_PCT)
		for (unsigned i = 1; i < p->depth && rt->changes < 8; i++)
			rt->change[rt->changes++] = 1 + random_below(p->k ? p->k : 1);
}

/* The option that the prefix demands, or `wanted`; writes it down. */
static unsigned settle(enum explore_choice_kind kind, bool goes_on, unsigned n, unsigned wanted)
{
	struct explore_slot *slot = rt->slot;
	uint32_t at = rt->choices++;

	if (at < rt->prefix) {
		uint16_t given = slot->choice[at];
		wanted = explore_choice_taken(given);
		if (explore_choice_kind(given) != kind || wanted >= n) {
			rt->answer->strayed = 1;
			wanted = 0;
		}
	}
	uint16_t choice = explore_choice(kind, goes_on, n, wanted);
	rt->hash = explore_hash(rt->hash, choice);
	if (at < EXPLORE_CHOICES)
		slot->choice[at] = choice;
	else
		rt->answer->cut = 1;
	return wanted;
}

unsigned choose(enum explore_choice_kind kind, unsigned n, unsigned rarely)
{
	unsigned wanted = 0;

	if (n == 1 || (rt->flags & EXPLORE_VT))
		return 0;
	if (rt->plan->strategy != EXPLORE_DEFAULT && rt->choices >= rt->prefix &&
	    (rarely == 1 || random_below(rarely) == 0))
		wanted = rarely == 1 ? random_below(n) : 1 + random_below(n - 1);
	return settle(kind, false, n, wanted);
}

static struct thread *lowest_thread(unsigned mask)
{
	return thread_first(mask);
}

static struct thread *highest_priority(unsigned mask)
{
	struct thread *best = lowest_thread(mask);

	for (mask &= mask - 1; mask; mask &= mask - 1) {
		struct thread *t = lowest_thread(mask);
		if (t->priority > best->priority)
			best = t;
	}
	return best;
}

static void draw_priority(struct thread *t)
{
	t->priority = random_priority();
	t->drawn = rt->points;
}

/* POS: two that spin on one word draw again and again, and would keep a third one back for ever
 * that once yielded, or drew low. */
static void draw_for_the_patient(unsigned mask)
{
	for (; mask; mask &= mask - 1)
		if (rt->points > lowest_thread(mask)->drawn + PATIENCE)
			draw_priority(lowest_thread(mask));
}

static struct thread *strategy_thread(unsigned mask, unsigned first, unsigned n, bool goes_on)
{
	struct thread *t;

	switch ((enum explore_strategy)rt->plan->strategy) {
	case EXPLORE_RANDOM:
		for (n = random_below(n); n; n--)
			mask &= mask - 1;
		return lowest_thread(mask);
	case EXPLORE_PCT:
		for (unsigned i = 0; i < rt->changes; i++)
			if (rt->change[i] == rt->points && goes_on)
				self->priority = --rt->lowest;
		return highest_priority(mask);
	case EXPLORE_POS:
		draw_for_the_patient(mask);
		t = highest_priority(mask);
		for (mask &= ~(unsigned)thread_bit(t); mask; mask &= mask - 1) {
			struct thread *other = lowest_thread(mask);
			if (other->object == t->object && t->object != EXPLORE_NOTHING)
				other->priority = random_priority();
		}
		return t;
	case EXPLORE_DEFAULT:
	case EXPLORE_STRATEGIES:
		break;
	}
	unsigned turned = (mask | mask << THREADS) >> first; /* cyclic order from first */
	return &rt->thread[(first + (unsigned)__builtin_ctz(turned)) % THREADS];
}

/* Discrete events: first come, first served, and nobody is interrupted. */
static struct thread *first_ready(thread_set set, bool goes_on)
{
	struct thread *first = goes_on ? self : thread_first(set);

	for (; set && !goes_on; set &= set - 1)
		if (thread_first(set)->ready < first->ready)
			first = thread_first(set);
	return first;
}

struct thread *choose_thread(thread_set set, bool goes_on)
{
	if (rt->flags & EXPLORE_VT)
		return first_ready(set, goes_on);
	const unsigned mask = (unsigned)set; /* there are no more than 16 */
	unsigned n = bits_count(mask);
	unsigned first = goes_on ? self->id : (self->id + 1u) % THREADS;

	if (n == 1)
		return lowest_thread(mask);
	unsigned turned = ((mask | mask << THREADS) >> first) & 0xffffu;
	unsigned taken = 0;
	if (rt->choices >= rt->prefix) {
		struct thread *t = strategy_thread(mask, first, n, goes_on);
		unsigned place = (t->id + THREADS - first) % THREADS;
		taken = bits_count(turned & ((1u << place) - 1));
	}
	event_choice(EXPLORE_CHOOSE_THREAD, turned, first);
	taken = settle(EXPLORE_CHOOSE_THREAD, goes_on, n, taken);
	if (goes_on && taken)
		rt->preemptions++;
	for (; taken; taken--)
		turned &= turned - 1;
	return &rt->thread[(first + (unsigned)__builtin_ctz(turned)) % THREADS];
}

struct thread *thread_longest_asleep(thread_set who)
{
	struct thread *first = thread_first(who);

	for (; who; who &= who - 1)
		if (thread_first(who)->since < first->since)
			first = thread_first(who);
	return first;
}

struct thread *choose_waiter(thread_set who)
{
	if (rt->flags & EXPLORE_VT)
		return thread_longest_asleep(who);
	struct thread *order[THREADS] = { NULL };
	unsigned n = 0;

	for (unsigned mask = (unsigned)who; mask;
	     mask &= mask - 1) { /* insertion by time of falling asleep */
		struct thread *t = lowest_thread(mask);
		unsigned i = n++;
		for (; i && order[i - 1]->since > t->since; i--)
			order[i] = order[i - 1];
		order[i] = t;
	}
	event_choice_among(EXPLORE_CHOOSE_WAITER, order, n);
	return order[choose(EXPLORE_CHOOSE_WAITER, n, 1)];
}

void choose_priority(struct thread *t)
{
	if (rt->plan->strategy == EXPLORE_POS || t->step == EXPLORE_STEP_NONE)
		draw_priority(t);
}

void choose_demote(struct thread *t)
{
	if (rt->plan->strategy != EXPLORE_PCT && rt->plan->strategy != EXPLORE_POS)
		return;
	t->priority = --rt->lowest; /* below all: another random one could starve the others */
	t->drawn = rt->points;
}
