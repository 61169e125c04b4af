/* The sanitiser lets nothing through that steers a terminal, and points print alike everywhere. */
#include "base/text.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

TCase *text_test(void);

static void expect_clean(const char *bytes, size_t length, const char *wanted)
{
	char *text = text_clean(bytes, length);
	ck_assert_str_eq(text, wanted);
	free(text);
}

START_TEST(plain_text_is_kept)
{
	expect_clean("a\tb\nc \xc3\xa4 \xe2\x82\xac", 12, "a\tb\nc \xc3\xa4 \xe2\x82\xac");
}
END_TEST

START_TEST(controls_become_words)
{
	expect_clean("\033[2J\r\x7f", 6, "\\u001b[2J\\u000d\\u007f");
	expect_clean("a\0b", 3, "a\\u0000b");
	expect_clean("\xc2\x9b", 2, "\\u009b"); /* C1: a one-character CSI */
	/* NOLINTBEGIN(misc-misleading-bidirectional): that is what is tested */
	expect_clean("\xe2\x80\xae", 3, "\\u202e"); /* right-to-left override  */
	expect_clean("\xe2\x81\xa6", 3, "\\u2066");
	/* NOLINTEND(misc-misleading-bidirectional) */
	expect_clean("\xe2\x80\x8f", 3, "\\u200f");
}
END_TEST

START_TEST(bytes_that_are_not_utf8_are_spelled)
{
	expect_clean("\xff", 1, "\\xff");
	expect_clean("\xc0\xaf", 2, "\\xc0\\xaf");          /* overlong slash */
	expect_clean("\xed\xa0\x80", 3, "\\xed\\xa0\\x80"); /* surrogate      */
	expect_clean("\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80");
	expect_clean("\xe2\x82", 2, "\\xe2\\x82"); /* cut            */
	ck_assert(!text_is_utf8("a\xff", 2));
	ck_assert(text_is_utf8("a\0\xc3\xa4", 4));
}
END_TEST

START_TEST(long_lines_and_texts_are_cut)
{
	char line[1000];
	memset(line, 'x', sizeof line);
	char *text = text_clean(line, sizeof line);
	ck_assert_uint_eq(strlen(text), TEXT_LINE_CHARACTERS_MAX + strlen(" [...]"));
	free(text);
	const size_t lines = 20000;
	char *many = malloc(2 * lines);
	ck_assert_ptr_nonnull(many);
	for (size_t i = 0; i < 2 * lines; i++)
		many[i] = i % 2 == 0 ? 'y' : '\n';
	text = text_clean(many, 2 * lines);
	ck_assert_uint_lt(strlen(text), TEXT_BYTES_MAX + 64);
	ck_assert_ptr_nonnull(strstr(text, "lines left out]"));
	free(text);
	free(many);
}
END_TEST

START_TEST(a_line_has_no_newline)
{
	char *text = text_clean_line("a\nb\tc", 5);
	ck_assert_str_eq(text, "a b c");
	free(text);
}
END_TEST

START_TEST(points_have_up_to_two_decimals)
{
	char out[TEXT_POINTS_BYTES];
	text_points(out, 1700);
	ck_assert_str_eq(out, "17");
	text_points(out, 150);
	ck_assert_str_eq(out, "1.5");
	text_points(out, 1214);
	ck_assert_str_eq(out, "12.14");
	text_points(out, 5);
	ck_assert_str_eq(out, "0.05");
	text_points(out, 0);
	ck_assert_str_eq(out, "0");
}
END_TEST

START_TEST(wrapped_text_stays_in_its_columns)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	text_wrap(out, "one two three\nfour", 2, 9);
	(void)fclose(out);
	ck_assert_str_eq(text, "  one two\n  three\n  four\n");
	free(text);
}
END_TEST

TCase *text_test(void)
{
	TCase *tests = tcase_create("base/text");
	tcase_add_test(tests, plain_text_is_kept);
	tcase_add_test(tests, controls_become_words);
	tcase_add_test(tests, bytes_that_are_not_utf8_are_spelled);
	tcase_add_test(tests, long_lines_and_texts_are_cut);
	tcase_add_test(tests, a_line_has_no_newline);
	tcase_add_test(tests, points_have_up_to_two_decimals);
	tcase_add_test(tests, wrapped_text_stays_in_its_columns);
	return tests;
}
