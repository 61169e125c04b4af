#include "runtime/race.h"

#include <check.h>

#include "runtime/tests/alone.h"

TCase *race_test(void);

#define AT 0x200000000000u /* nobody's: no heap, no stack, no image */

START_TEST(two_writes_race_unless_one_knows_the_other)
{
	struct clock lock = { 0 };

	alone_start(3);
	alone_run(1);
	ck_assert(!alone_access(AT, 8, RECORD_WRITE));
	alone_run(2);
	ck_assert(alone_access(AT, 8, RECORD_WRITE));
	ck_assert_int_eq(alone_kind(), EXPLORE_RACE);
	ck_assert_uint_eq(alone_earlier(), 1);

	alone_start(3);
	alone_run(1);
	ck_assert(!alone_access(AT, 8, RECORD_WRITE));
	clock_release(&lock, self);
	alone_run(2);
	clock_join(&self->clock, &lock);
	ck_assert(!alone_access(AT, 8, RECORD_WRITE));
	alone_run(1); /* what came after the release is not known */
	ck_assert(alone_access(AT, 1, 0));
}
END_TEST

START_TEST(only_shared_bytes_count)
{
	alone_start(3);
	alone_run(1);
	ck_assert(!alone_access(AT, 4, RECORD_WRITE));
	alone_run(2);
	ck_assert(!alone_access(AT + 4, 4, RECORD_WRITE));
	ck_assert(alone_access(AT + 3, 2, 0));
	ck_assert_uint_eq(alone_earlier(), 1);
	/* A range over many cells meets the one byte in it. */
	alone_run(1);
	ck_assert(!alone_access(AT + 8 + 4096, 1, RECORD_WRITE));
	alone_run(2);
	ck_assert(alone_access(AT + 8, 8192, 0));
}
END_TEST

START_TEST(reads_and_atomics_do_not_race_among_themselves)
{
	alone_start(4);
	for (unsigned t = 1; t < 4; t++) {
		alone_run(t);
		ck_assert(!alone_access(AT, 8, 0));
		ck_assert(!alone_access(AT + 64, 8, RECORD_ATOMIC | RECORD_WRITE));
	}
	ck_assert(alone_access(AT, 8, RECORD_ATOMIC | RECORD_WRITE));
	ck_assert(alone_access(AT + 64, 8, 0));
}
END_TEST

START_TEST(a_new_life_and_a_new_execution_know_nothing)
{
	alone_start(3);
	alone_run(1);
	ck_assert(!alone_access(AT, 8, RECORD_WRITE));
	ck_assert(!alone_access(AT + 8, 8, RECORD_WRITE));
	race_forget(AT, 8);
	alone_run(2);
	ck_assert(!alone_access(AT, 8, RECORD_WRITE));
	ck_assert(alone_access(AT + 8, 8, RECORD_WRITE));
	rt->generation++;
	ck_assert(!alone_access(AT + 8, 8, RECORD_WRITE));
}
END_TEST

START_TEST(memory_of_others_is_refused)
{
	static int ours;

	alone_start(2);
	alone_run(1);
	ck_assert(alone_access(HARNESS_AT, 1, 0));
	ck_assert_int_eq(alone_kind(), EXPLORE_HARNESS);
	ck_assert(alone_access(HARNESS_AT - 8, 16, 0)); /* begins in front of it */
	ck_assert(!alone_access((uintptr_t)&ours, sizeof(ours), 0));
	ck_assert(alone_access((uintptr_t)&ours, sizeof(ours), RECORD_WRITE));
	ck_assert_int_eq(alone_kind(), EXPLORE_HARNESS);
	ck_assert(alone_access(ARENA_AT, 1, 0)); /* no block is there: arena.c says so */
	ck_assert_int_eq(alone_kind(), EXPLORE_OVERFLOW);
}
END_TEST

TCase *race_test(void)
{
	TCase *tc = tcase_create("race");

	tcase_add_test(tc, two_writes_race_unless_one_knows_the_other);
	tcase_add_test(tc, only_shared_bytes_count);
	tcase_add_test(tc, reads_and_atomics_do_not_race_among_themselves);
	tcase_add_test(tc, a_new_life_and_a_new_execution_know_nothing);
	tcase_add_test(tc, memory_of_others_is_refused);
	return tc;
}
