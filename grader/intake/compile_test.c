/* The first error of a compiler or linker, as a student should read it. */
#include "intake/compile.h"

#include <check.h>
#include <string.h>

#include "base/json.h"
#include "intake/link.h"

TCase *compile_test(void);

static void expect(json_t *finding, const char *id, const char *what, const char *file, int line)
{
	ck_assert_str_eq(json_text_of(finding, "id", "?"), id);
	ck_assert_str_eq(json_text_of(finding, "detector", "?"), "BUILD");
	ck_assert_str_eq(json_text_of(finding, "what", "?"), what);
	json_t *place = json_array_get(json_object_get(finding, "where"), 0);
	ck_assert_str_eq(json_text_of(place, "file", "?"), file);
	ck_assert_int_eq(json_integer_value(json_object_get(place, "line")), line);
	json_decref(finding);
}

static json_t *compile(const char *output)
{
	struct source sources[] = { { .name = (char[]){ "net.c" } },
				    { .name = (char[]){ "conn.c" } } };
	const struct submission submission = { .sources = sources, .count = 2 };
	return compile_finding(&submission, "conn.c", output);
}

START_TEST(the_first_error_of_the_submission_is_told)
{
	expect(compile("conn.c:3:1: warning: w\nconn.c:12:5: error: expected ';'\nnet.c:1:1: "
		       "error: x\n"),
	       "compile-error", "conn.c does not compile: line 12: expected ';'", "conn.c", 12);
	expect(compile("conn.c:9:10: fatal error: /etc/shadow: No such file or directory\n"),
	       "compile-error",
	       "conn.c does not compile: line 9: /etc/shadow: No such file or directory", "conn.c",
	       9);
}
END_TEST

START_TEST(a_forged_place_is_not_believed)
{
	expect(compile("../../etc/passwd:1:1: error: look there\n"), "compile-error",
	       "conn.c does not compile: ../../etc/passwd:1:1: error: look there\n", "conn.c", 0);
	expect(compile(""), "compile-error", "conn.c does not compile: the compiler was stopped.",
	       "conn.c", 0);
}
END_TEST

START_TEST(the_linkers_words_are_told)
{
	struct lab lab = { 0 };
	words_split(&lab.files, "net.c conn.c");
	static const char undefined[] = "/usr/bin/ld: /link/student.o: in function `f':\nconn.c:7: "
					"undefined reference to `g'\n";
	expect(link_finding(&lab, undefined, strlen(undefined)), "link-error",
	       "The program does not link: undefined reference to `g'.", "conn.c", 7);
	static const char twice[] = "/usr/bin/ld: /link/net.o:(.data+0x0): multiple definition of "
				    "`x'; /link/conn.o: first\n";
	expect(link_finding(&lab, twice, strlen(twice)), "link-error",
	       "The program does not link: multiple definition of `x'.", "net.c", 0);
	words_fini(&lab.files);
}
END_TEST

/* On an emulated machine a correct source runs into the limit: that is nobody's compile error. */
START_TEST(a_slow_machine_is_known_by_an_empty_file)
{
	ck_assert(!compile_is_slow(&(struct box_result){ .cpu_us = 34000, .wall_us = 900000 }));
	ck_assert(!compile_is_slow(&(struct box_result){ .wall_us = 115000 }));
	ck_assert(compile_is_slow(&(struct box_result){ .cpu_us = 600000, .wall_us = 700000 }));
	ck_assert(compile_is_slow(&(struct box_result){ .wall_us = 5000000 }));
	ck_assert(compile_is_slow(&(struct box_result){ .status = BOX_CPU_LIMIT }));
	ck_assert(compile_is_slow(&(struct box_result){ .cpu_us = 34000, .code = 1 }));
}
END_TEST

TCase *compile_test(void)
{
	TCase *tests = tcase_create("intake/compile");
	tcase_add_test(tests, the_first_error_of_the_submission_is_told);
	tcase_add_test(tests, a_slow_machine_is_known_by_an_empty_file);
	tcase_add_test(tests, a_forged_place_is_not_believed);
	tcase_add_test(tests, the_linkers_words_are_told);
	return tests;
}
