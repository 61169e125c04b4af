/* The bounded search runs every schedule of a small model exactly once, bound by bound, however far
 * the player of them is ahead; and the mix is what it is said to be. */
#include "schedule.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

TCase *schedule_test(void);

enum { THREADS = 3, STEPS_MAX = 8, RUNS_MAX = 4000 };

/* A program whose threads do so many steps each, all of them points. */
struct model {
	unsigned steps[THREADS];
};

/* Plays it as the runtime would: prefix first, then option 0. */
static void play(const struct model *m, struct execution *x)
{
	unsigned left[THREADS], current = THREADS;

	memcpy(left, m->steps, sizeof(left));
	x->answer = (struct explore_answer){ .index = x->plan.index,
					     .end = EXPLORE_END_DONE,
					     .hash = EXPLORE_HASH_START };
	for (;;) {
		unsigned option[THREADS], options = 0;
		const bool goes_on = current < THREADS && left[current];
		for (unsigned i = 0; i < THREADS; i++) {
			const unsigned t = (current + i) % THREADS;
			if (left[t])
				option[options++] = t;
		}
		if (!options)
			break;
		unsigned taken = 0;
		if (options > 1) {
			const uint32_t at = x->answer.choices++;
			if (at < x->plan.prefix)
				taken = explore_choice_taken(x->choice[at]);
			x->choice[at] = explore_choice(EXPLORE_CHOOSE_THREAD, goes_on, options,
						       taken);
			x->answer.hash = explore_hash(x->answer.hash, x->choice[at]);
		}
		current = option[taken];
		left[current]--;
		x->answer.points++;
	}
}

struct run {
	uint64_t hash[RUNS_MAX];
	unsigned count;
	struct coverage coverage;
};

/* The whole bounded search, with so many executions under way at a time. */
static void search(const struct model *m, unsigned ahead, uint32_t budget, struct run *run)
{
	static struct execution window[STEPS_MAX];
	struct schedule *s = schedule_bounded(&(const struct budget){ .bounded = budget });

	run->count = 0;
	for (;;) {
		unsigned n = 0;
		while (n < ahead && schedule_next(s, &window[n].plan, window[n].choice))
			n++;
		if (!n)
			break;
		for (unsigned i = 0; i < n; i++) {
			play(m, &window[i]);
			ck_assert_uint_lt(run->count, RUNS_MAX);
			run->hash[run->count++] = window[i].answer.hash;
			schedule_learn(s, &window[i]);
		}
	}
	schedule_coverage(s, &run->coverage);
	schedule_close(s);
}

static unsigned distinct(const struct run *run)
{
	unsigned count = 0;

	for (unsigned i = 0; i < run->count; i++) {
		bool again = false;
		for (unsigned j = 0; j < i; j++)
			again = again || run->hash[j] == run->hash[i];
		count += !again;
	}
	return count;
}

/* Two threads of two steps have six interleavings: two with 0, 1 and 2 preemptions each. */
START_TEST(every_schedule_comes_once)
{
	static struct run run;
	const struct model two = { .steps = { 2, 2, 0 } };

	search(&two, 1, 1000, &run);
	ck_assert_uint_eq(run.count, 6);
	ck_assert_uint_eq(distinct(&run), 6);
	for (unsigned b = 0; b < SCHEDULE_BOUNDS; b++)
		ck_assert_uint_eq(run.coverage.bound[b], 2);
	ck_assert_int_eq(run.coverage.exhausted, 2);
}
END_TEST

/* By hand: 3 threads of 2 steps, without preemption 3! orders. */
START_TEST(three_threads_without_preemption_have_six_orders)
{
	static struct run run;
	const struct model three = { .steps = { 2, 2, 2 } };

	search(&three, 4, 3999, &run);
	ck_assert_uint_eq(run.coverage.bound[0], 6);
	ck_assert_uint_eq(distinct(&run), run.count);
	ck_assert_int_eq(run.coverage.exhausted, 2);
}
END_TEST

START_TEST(the_order_does_not_depend_on_how_far_one_is_ahead)
{
	static struct run one, many;
	const struct model three = { .steps = { 3, 2, 2 } };

	search(&three, 1, 500, &one);
	search(&three, STEPS_MAX, 500, &many);
	ck_assert_uint_eq(one.count, many.count);
	ck_assert_mem_eq(one.hash, many.hash, one.count * sizeof(one.hash[0]));
}
END_TEST

START_TEST(a_budget_that_ends_first_is_said)
{
	static struct run run;
	const struct model three = { .steps = { 4, 4, 4 } };

	search(&three, 3, 50, &run);
	ck_assert_uint_eq(run.count, 50);
	ck_assert_int_eq(run.coverage.exhausted, 0);
}
END_TEST

START_TEST(the_mix_goes_round_and_does_not_depend_on_answers)
{
	static const uint8_t strategies[] = { EXPLORE_PCT, EXPLORE_RANDOM, EXPLORE_PCT,
					      EXPLORE_POS };
	static struct execution x;
	const struct budget budget = { .seeded = 8, .spurious = 2 };
	struct schedule *s = schedule_open(&budget, 7);
	uint64_t seeds[8];

	ck_assert(schedule_next(s, &x.plan, x.choice));
	ck_assert_uint_eq(x.plan.strategy, EXPLORE_DEFAULT);
	static struct execution none;
	ck_assert(!schedule_next(s, &none.plan, none.choice)); /* k is not known yet */
	x.answer.points = 11;
	schedule_learn(s, &x);
	for (unsigned i = 0; i < 8; i++) {
		ck_assert(schedule_next(s, &x.plan, x.choice));
		ck_assert_uint_eq(x.plan.strategy, strategies[i % 4]);
		ck_assert_uint_eq(x.plan.k, 11);
		seeds[i] = x.plan.seed;
		for (unsigned j = 0; j < i; j++)
			ck_assert_uint_ne(seeds[i], seeds[j]);
	}
	ck_assert(!schedule_next(s, &x.plan, x.choice));
	schedule_close(s);
}
END_TEST

TCase *schedule_test(void)
{
	TCase *tests = tcase_create("schedule");

	tcase_add_test(tests, every_schedule_comes_once);
	tcase_add_test(tests, three_threads_without_preemption_have_six_orders);
	tcase_add_test(tests, the_order_does_not_depend_on_how_far_one_is_ahead);
	tcase_add_test(tests, a_budget_that_ends_first_is_said);
	tcase_add_test(tests, the_mix_goes_round_and_does_not_depend_on_answers);
	return tests;
}
