#include "runtime/choose.h"

#include <check.h>

#include "runtime/tests/alone.h"

TCase *choose_test(void);

#define ALL 0xeu /* T1, T2, T3 */

static struct explore_plan plan;

static void begin(uint8_t strategy, uint64_t seed, uint32_t prefix)
{
	plan = (struct explore_plan){
		.strategy = strategy, .seed = seed, .prefix = prefix, .k = 10, .depth = 2
	};
	rt->plan = &plan;
	choose_start();
	alone_run(1);
}

START_TEST(the_default_goes_on_and_else_takes_the_next)
{
	alone_start(4);
	begin(EXPLORE_DEFAULT, 0, 0);
	ck_assert_uint_eq(choose_thread(ALL, true)->id, 1);
	ck_assert_uint_eq(choose_thread(ALL & ~2u, false)->id, 2);
	alone_run(3);
	ck_assert_uint_eq(choose_thread(ALL & ~8u, false)->id, 1); /* cyclic */
	ck_assert_uint_eq(choose(EXPLORE_CHOOSE_HEAP, 2, 1), 0);
	ck_assert_uint_eq(rt->preemptions, 0);
	ck_assert_uint_eq(rt->choices, 4);
}
END_TEST

START_TEST(one_option_is_no_choice)
{
	alone_start(4);
	begin(EXPLORE_RANDOM, 1, 0);
	ck_assert_uint_eq(choose_thread(4, false)->id, 2);
	ck_assert_uint_eq(choose(EXPLORE_CHOOSE_HEAP, 1, 1), 0);
	ck_assert_uint_eq(rt->choices, 0);
	ck_assert(rt->hash == EXPLORE_HASH_START);
}
END_TEST

START_TEST(a_seed_repeats_and_its_choices_played_as_a_prefix_do_too)
{
	enum { STEPS = 200 };
	unsigned first[STEPS];
	bool moved = false;

	for (unsigned strategy = EXPLORE_RANDOM; strategy < EXPLORE_STRATEGIES; strategy++) {
		alone_start(4);
		for (unsigned way = 0; way < 3; way++) {
			begin(way < 2 ? (uint8_t)strategy : EXPLORE_DEFAULT, 7,
			      way < 2 ? 0 : STEPS);
			rt->points = 0; /* before the threads are made, as the scheduler does */
			for (unsigned t = 1; t < 4; t++)
				choose_priority(&rt->thread[t]);
			const uint64_t before = rt->hash;
			for (unsigned i = 0; i < STEPS; i++) {
				rt->points++;
				choose_priority(self);
				self = choose_thread(ALL, true);
				moved = moved || self->id != 1;
				if (way == 0)
					first[i] = self->id;
				ck_assert_uint_eq(self->id, first[i]);
			}
			ck_assert(rt->hash != before && !rt->answer->strayed);
		}
	}
	ck_assert(moved);
}
END_TEST

START_TEST(a_prefix_that_does_not_fit_is_told)
{
	alone_start(4);
	begin(EXPLORE_DEFAULT, 0, 1);
	rt->slot->choice[0] = explore_choice(EXPLORE_CHOOSE_WAITER, 0, 2, 1);
	(void)choose_thread(ALL, true);
	ck_assert(rt->answer->strayed);

	alone_start(4);
	begin(EXPLORE_DEFAULT, 0, 1);
	rt->slot->choice[0] = explore_choice(EXPLORE_CHOOSE_THREAD, 1, 8, 7);
	ck_assert_uint_eq(choose_thread(ALL, true)->id, 1);
	ck_assert(rt->answer->strayed);
}
END_TEST

START_TEST(leaving_who_could_go_on_is_a_preemption)
{
	alone_start(4);
	begin(EXPLORE_DEFAULT, 0, 2);
	rt->slot->choice[0] = explore_choice(EXPLORE_CHOOSE_THREAD, 1, 3, 2);
	rt->slot->choice[1] = explore_choice(EXPLORE_CHOOSE_THREAD, 0, 2, 1);
	ck_assert_uint_eq(choose_thread(ALL, true)->id, 3);
	ck_assert_uint_eq(rt->preemptions, 1);
	ck_assert_uint_eq(choose_thread(ALL & ~2u, false)->id, 3);
	ck_assert_uint_eq(rt->preemptions, 1);
}
END_TEST

START_TEST(the_longest_asleep_is_option_0)
{
	alone_start(4);
	begin(EXPLORE_DEFAULT, 0, 0);
	rt->thread[1].since = 30;
	rt->thread[2].since = 10;
	rt->thread[3].since = 20;
	ck_assert_uint_eq(choose_waiter(ALL)->id, 2);
	ck_assert_uint_eq(thread_longest_asleep(ALL & ~4u)->id, 3);
}
END_TEST

TCase *choose_test(void)
{
	TCase *tc = tcase_create("choose");

	tcase_add_test(tc, the_default_goes_on_and_else_takes_the_next);
	tcase_add_test(tc, one_option_is_no_choice);
	tcase_add_test(tc, a_seed_repeats_and_its_choices_played_as_a_prefix_do_too);
	tcase_add_test(tc, a_prefix_that_does_not_fit_is_told);
	tcase_add_test(tc, leaving_who_could_go_on_is_a_preemption);
	tcase_add_test(tc, the_longest_asleep_is_option_0);
	return tc;
}
