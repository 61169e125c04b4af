/* A table that others wrote comes back byte for byte but for the cells that were set. */
#include "base/csv.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

TCase *csv_test(void);

static char *written(const struct csv *csv)
{
	char *bytes = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&bytes, &length);
	ck_assert_ptr_nonnull(out);
	csv_write(out, csv);
	ck_assert_int_eq(fclose(out), 0);
	return bytes;
}

static void expect_same(const char *bytes)
{
	struct csv *csv = csv_read(bytes, strlen(bytes), NULL);
	ck_assert_msg(csv != NULL, "refused: %s", bytes);
	char *back = written(csv);
	ck_assert_str_eq(back, bytes);
	free(back);
	csv_destroy(csv);
}

START_TEST(a_table_comes_back_byte_for_byte)
{
	static const char *const tables[] = {
		"",
		"\n",
		"a",
		"a,b\n",
		"a,b\r\n\"c\",d\r\n",
		"\xef\xbb\xbf\"a\";b;c\n1,5;2;\"x;y\"",
		"a\tb\rc\td\r",
		"a,,\n\n,\n",
		"\"two\nlines\",\"a \"\"word\"\"\"\n",
		"5\" disk,\xff\n",
		"a, \"b\"\n",
	};
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
		expect_same(tables[i]);
}
END_TEST

START_TEST(a_cell_says_what_stands_between_its_quotes)
{
	const char *bytes = "\xef\xbb\xbfName, Grade \n\"Doe, \"\"J\"\"\n\",7\nx\n\n";
	struct csv *csv = csv_read(bytes, strlen(bytes), NULL);
	ck_assert_ptr_nonnull(csv);
	ck_assert_uint_eq(csv_rows(csv), 4);
	ck_assert_uint_eq(csv_cells(csv, 1), 2);
	ck_assert_str_eq(csv_text(csv, 0, 0), "Name");
	ck_assert_str_eq(csv_text(csv, 1, 0), "Doe, \"J\"\n");
	ck_assert_str_eq(csv_text(csv, 2, 1), ""); /* the row is too short */
	ck_assert_str_eq(csv_text(csv, 9, 0), "");
	ck_assert(csv_is_blank(csv, 3) && !csv_is_blank(csv, 2));
	ck_assert_int_eq(csv_find(csv, 0, "grade"), 1);
	ck_assert_int_eq(csv_find(csv, 0, "Grad"), -1);
	ck_assert(csv_is_utf8(csv));
	csv_destroy(csv);
}
END_TEST

START_TEST(only_a_cell_that_is_set_changes)
{
	const char *bytes = "a;\"b\";c\r\n1;\"2\";3\r\n4;\"5\";6\r\nx;y";
	struct csv *csv = csv_read(bytes, strlen(bytes), NULL);
	ck_assert_ptr_nonnull(csv);
	csv_set(csv, 1, 0, "x;\"y\"");
	csv_set(csv, 1, 1, "z");
	csv_set(csv, 1, 2, "7,5");
	csv_set(csv, 2, 1, "5");
	csv_drop(csv, 3);
	char *back = written(csv);
	ck_assert_str_eq(back, "a;\"b\";c\r\n\"x;\"\"y\"\"\";\"z\";7,5\r\n4;\"5\";6\r\n");
	free(back);
	csv_destroy(csv);
}
END_TEST

static void expect_refused(const char *bytes, size_t length, const char *wanted)
{
	char *why = NULL;
	ck_assert_ptr_null(csv_read(bytes, length, &why));
	ck_assert_ptr_nonnull(strstr(why, wanted));
	free(why);
}

START_TEST(what_is_no_table_is_refused_with_its_line)
{
	expect_refused("a\n\"b\n\"\nc,\"d\n", 12, "line 4: a quote");
	expect_refused("a\n\"b\"c\n", 7, "line 2: text stands behind");
	expect_refused("a\0b", 3, "NUL");
	expect_refused("\xff\xfe"
		       "a\0",
		       4, "UTF-16");
}
END_TEST

static void expect_put(void (*put)(FILE *, bool, const char *), const char *text,
		       const char *wanted)
{
	char *bytes = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&bytes, &length);
	ck_assert_ptr_nonnull(out);
	put(out, false, text);
	csv_end(out);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_str_eq(bytes, wanted);
	free(bytes);
}

START_TEST(a_cell_is_quoted_where_a_parser_needs_it)
{
	expect_put(csv_put, "plain; text", ",plain; text\n");
	expect_put(csv_put, "a,b", ",\"a,b\"\n");
	expect_put(csv_put, "a\"b\r", ",\"a\"\"b\r\"\n");
	expect_put(csv_put, "=1+1", ",=1+1\n");
}
END_TEST

START_TEST(no_text_of_others_is_a_formula)
{
	static const char *const texts[][2] = {
		{ "=cmd()", ",'=cmd()\n" },
		{ "+a", ",'+a\n" },
		{ "-a", ",'-a\n" },
		{ "@a", ",'@a\n" },
		{ "\t=a", ",'\t'=a\n" },
		{ " =a", ",' =a\n" },
		{ "\"=a", ",\"'\"\"=a\"\n" },
		{ "\xef\xbc\x9d"
		  "a",
		  ",'\xef\xbc\x9d"
		  "a\n" },
		{ "x;=a", ",x;'=a\n" },
		{ "x\n=a", ",\"x\n'=a\"\n" },
		{ "-5", ",-5\n" },
		{ "+3.25", ",+3.25\n" },
		{ "-1.", ",-1.\n" },
		{ "-", ",'-\n" },
		{ "-1-1", ",'-1-1\n" },
		{ "jdoe@example.edu", ",jdoe@example.edu\n" },
		{ "", ",\n" },
	};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		expect_put(csv_put_guarded, texts[i][0], texts[i][1]);
}
END_TEST

TCase *csv_test(void)
{
	TCase *tests = tcase_create("csv");
	tcase_add_test(tests, a_table_comes_back_byte_for_byte);
	tcase_add_test(tests, a_cell_says_what_stands_between_its_quotes);
	tcase_add_test(tests, only_a_cell_that_is_set_changes);
	tcase_add_test(tests, what_is_no_table_is_refused_with_its_line);
	tcase_add_test(tests, a_cell_is_quoted_where_a_parser_needs_it);
	tcase_add_test(tests, no_text_of_others_is_a_formula);
	return tests;
}
