/* Comments and odd bytes go, lines stay. */
#include "batch/similar_text.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"

TCase *similar_text_test(void);

static const struct {
	const char *text, *wanted;
} texts[] = {
	{ "int a; // b\nint c;", "int a;     \nint c;" },
	{ "a/* b\n * c */d\n", "a    \n       d\n" },
	{ "a // b \\\nc\nd", "a       \n \nd" },
	{ "\"/* no */\" // yes", "\"/* no */\"       " },
	{ "'\"' /* \" */ '\\'' // x", "'\"'         '\\''     " },
	{ "\"a\\\"// b\" c", "\"a\\\"// b\" c" },
	{ "#error don't\nint a; /* b */", "#error don't\nint a;        " },
	{ "a / b / c", "a / b / c" },
	{ "/*/ a */ b", "         b" },
	{ "/* never closed\na", "               \n " },
	{ "\x01\x7f\xc3\xa4\ta", " xxx\ta" },
	{ "ends with /", "ends with /" },
	{ "\"\\", "\"\\" },
	{ "", "" },
};

START_TEST(comments_become_blanks)
{
	const char *text = texts[_i].text;
	AUTO_FREE char *got = similar_text(text, strlen(text));
	ck_assert_str_eq(got, texts[_i].wanted);
	ck_assert_uint_eq(strlen(got), strlen(text));
}
END_TEST

START_TEST(no_byte_ends_a_text)
{
	AUTO_FREE char *got = similar_text("a\0b\0", 4);
	ck_assert_str_eq(got, "a b ");
}
END_TEST

START_TEST(lines_become_blank)
{
	char text[] = "one\ntwo\nthree\nfour";
	similar_text_blank(text, 2, 3);
	ck_assert_str_eq(text, "one\n   \n     \nfour");
	similar_text_blank(text, 4, 900);
	ck_assert_str_eq(text, "one\n   \n     \n    ");
	similar_text_blank(text, 7, 9);
	similar_text_blank(text, 0, 0);
	similar_text_blank(text, 3, 1);
	ck_assert_str_eq(text, "one\n   \n     \n    ");
}
END_TEST

TCase *similar_text_test(void)
{
	TCase *tests = tcase_create("similar_text");
	tcase_add_loop_test(tests, comments_become_blanks, 0, sizeof texts / sizeof texts[0]);
	tcase_add_test(tests, no_byte_ends_a_text);
	tcase_add_test(tests, lines_become_blank);
	return tests;
}
