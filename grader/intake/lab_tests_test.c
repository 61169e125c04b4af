/* tests.tsv: what is read, and that a bad row names its line. */
#include "intake/lab_tests.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake/toolchain.h"

TCase *lab_tests_test(void);

#define HEADER "id\tgate\tpoints\tdetector\tbuilds\tquiet\thidden\tabout\ttitle\n"

static void read_rows(struct lab *lab, const char *rows)
{
	static char bytes[1000];
	static char nat[] = "nat";
	static char asan[] = "asan";
	static struct lab_build builds[] = { { .name = nat }, { .name = asan } };
	*lab = (struct lab){ .builds = builds, .build_count = 2 };
	(void)snprintf(bytes, sizeof bytes, HEADER "%s", rows);
	lab_tests_read(lab, "tests.tsv", bytes);
}

START_TEST(a_row_becomes_a_test)
{
	struct lab lab;
	read_rows(&lab, "L1.A.1\t1\t4\tFI\tnat\t0\t0\tnet_listen\tone "
			"two\nL1.B.12\t0\t1.5\tfunction\tnat asan\t1\t1\tf\tt\n");
	ck_assert_uint_eq(lab.test_count, 2);
	ck_assert_str_eq(lab.tests[0].part, "A");
	ck_assert(lab.tests[0].gate && !lab.tests[0].hidden);
	ck_assert_int_eq(lab.tests[0].points, 400);
	ck_assert_str_eq(lab.tests[0].title, "one two");
	ck_assert_int_eq(lab.tests[1].points, 150);
	ck_assert_str_eq(lab.tests[1].detector, "MODEL");
	ck_assert_uint_eq(lab.tests[1].builds.count, 2);
	lab_tests_fini(&lab);
}
END_TEST

static const char *const bad_rows[] = {
	"L1.A.1\t1\t4\tFI\tnat\t0\t0\tf\n",          /* a column short    */
	"L1.A.1\t1\t4\tFI\tnat\t0\t0\tf\tt\tmore\n", /* one too many      */
	"L1.A.1\t2\t4\tFI\tnat\t0\t0\tf\tt\n",       /* a flag            */
	"L1.A.1\t1\t4.25\tFI\tnat\t0\t0\tf\tt\n",    /* points            */
	"L1.A.1\t1\t-4\tFI\tnat\t0\t0\tf\tt\n",
	"L1.A.1\t1\t4\tFI\ttsan\t0\t0\tf\tt\n", /* a build           */
	"L1.A.1\t1\t4\tFI\t\t0\t0\tf\tt\n",
	"../x\t1\t4\tFI\tnat\t0\t0\tf\tt\n", /* an id that is a path */
	"L1.A.1\t1\t4\tFI\tnat\t0\t0\tf\tt\nL1.A.1\t0\t4\tFI\tnat\t0\t0\tf\tt\n", /* twice */
	"", /* nothing           */
};

START_TEST(a_bad_row_ends_the_program)
{
	struct lab lab;
	(void)!freopen("/dev/null", "w", stderr);
	read_rows(&lab, bad_rows[_i]);
}
END_TEST

START_TEST(the_tool_chain_is_what_is_installed)
{
	static const char status[] =
		"Package: binutils\nStatus: install ok installed\nVersion: 2.40-2\n\n"
		"Package: gcc-12\nStatus: install ok installed\nVersion: 12.2.0-14\nDepends: x\n\n"
		"Package: clang-14\nStatus: deinstall ok config-files\nVersion: 1:14\n\n"
		"Package: libc6\nStatus: install ok installed\nVersion: 2.36-9\n\n";
	char *text = toolchain_from_status(status);
	ck_assert_str_eq(text, "gcc 12.2.0-14, binutils 2.40-2, libc6 2.36-9");
	free(text);
}
END_TEST

TCase *lab_tests_test(void)
{
	TCase *tests = tcase_create("intake/lab");
	tcase_add_test(tests, a_row_becomes_a_test);
	tcase_add_loop_exit_test(tests, a_bad_row_ends_the_program, 2, 0,
				 sizeof bad_rows / sizeof bad_rows[0]);
	tcase_add_test(tests, the_tool_chain_is_what_is_installed);
	return tests;
}
