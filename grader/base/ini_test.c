/* Values with their lines: long lines, continued lines, comments. */
#include "base/ini.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

TCase *ini_test(void);

static struct ini *load(const char *text)
{
	char path[] = "/tmp/ini_test.XXXXXX";
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	(void)close(fd);
	/* The path goes before the reading may die, so no file is left behind. */
	char by_fd[64];
	FILE *file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	(void)unlink(path);
	(void)snprintf(by_fd, sizeof by_fd, "/proc/self/fd/%d", fileno(file));
	struct ini *ini = ini_load(by_fd);
	(void)fclose(file);
	return ini;
}

START_TEST(values_comments_and_continued_lines)
{
	struct ini *ini = load(
		"[lab]\ntitle = A process ; a comment\nfiles = a.c\n  b.c\n[limits]\ntasks=128\n");
	ck_assert_str_eq(ini_text(ini, "lab", "title"), "A process");
	ck_assert_str_eq(ini_text(ini, "lab", "files"), "a.c b.c");
	ck_assert_int_eq(ini_number(ini, "limits", "tasks", 1, 1000, 0), 128);
	ck_assert_int_eq(ini_number(ini, "limits", "absent", 1, 1000, 7), 7);
	ck_assert_ptr_null(ini_text(ini, "lab", "nothing"));
	ini_destroy(ini);
}
END_TEST

START_TEST(a_line_may_be_longer_than_the_library_allows)
{
	char text[2000];
	int length = snprintf(text, sizeof text, "[b]\ncflags = -first");
	for (int i = 0; i < 100; i++)
		length += snprintf(text + length, sizeof text - (size_t)length, " -Wsomething");
	(void)snprintf(text + length, sizeof text - (size_t)length, " -last\nnext = 1\n");
	struct ini *ini = load(text);
	struct words words = { 0 };
	words_split(&words, ini_text(ini, "b", "cflags"));
	ck_assert_uint_eq(words.count, 102);
	ck_assert_str_eq(words.item[101], "-last");
	ck_assert_str_eq(ini_text(ini, "b", "next"), "1");
	words_fini(&words);
	ini_destroy(ini);
}
END_TEST

START_TEST(a_key_given_twice_is_an_error)
{
	(void)!freopen("/dev/null", "w", stderr);
	ini_destroy(load("[a]\nb=1\nb=2\n"));
}
END_TEST

START_TEST(a_number_out_of_range_is_an_error)
{
	(void)!freopen("/dev/null", "w", stderr);
	struct ini *ini = load("[a]\nb=1000000\n");
	(void)ini_number(ini, "a", "b", 1, 10, 1);
}
END_TEST

TCase *ini_test(void)
{
	TCase *tests = tcase_create("base/ini");
	tcase_add_test(tests, values_comments_and_continued_lines);
	tcase_add_test(tests, a_line_may_be_longer_than_the_library_allows);
	tcase_add_exit_test(tests, a_key_given_twice_is_an_error, 2);
	tcase_add_exit_test(tests, a_number_out_of_range_is_an_error, 2);
	return tests;
}
