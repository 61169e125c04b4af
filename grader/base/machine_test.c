/* The factor is a whole number from 1 on, measured once; what maintainers give stands in for it. */
#include "base/machine.h"

#include <check.h>
#include <stdlib.h>

TCase *machine_test(void);

static const char name[] = "INTERLEAVE_MACHINE_FACTOR";

START_TEST(the_factor_is_measured_once)
{
	ck_assert_int_eq(unsetenv(name), 0);
	const unsigned factor = machine_factor();
	ck_assert_uint_ge(factor, 1);
	ck_assert_uint_le(factor, MACHINE_FACTOR_MAX);
	ck_assert_int_eq(setenv(name, "77", 1), 0);
	ck_assert_uint_eq(machine_factor(), factor);
}
END_TEST

START_TEST(a_maintainers_factor_stands_in)
{
	static const struct {
		const char *text;
		unsigned factor;
	} cases[] = { { "1", 1 }, { "20", 20 }, { "1000", MACHINE_FACTOR_MAX } };
	ck_assert_int_eq(setenv(name, cases[_i].text, 1), 0);
	ck_assert_uint_eq(machine_factor(), cases[_i].factor);
}
END_TEST

START_TEST(what_is_no_factor_ends_the_program)
{
	static const char *const cases[] = { "0", "1001", "-3", "", "x", "3x", "1.5" };
	ck_assert_int_eq(setenv(name, cases[_i], 1), 0);
	(void)machine_factor();
}
END_TEST

TCase *machine_test(void)
{
	TCase *tests = tcase_create("machine");
	tcase_add_test(tests, the_factor_is_measured_once);
	tcase_add_loop_test(tests, a_maintainers_factor_stands_in, 0, 3);
	tcase_add_loop_exit_test(tests, what_is_no_factor_ends_the_program, 2, 0, 7);
	return tests;
}
