/* What a person reads of second opinions. */
#include "report/second.h"

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

TCase *second_report_test(void);

static char *printed(const json_t *rows)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	second_report(out, rows);
	(void)fclose(out);
	return text;
}

static json_t *row(const char *detector, const char *part, const char *saw, const char *what,
		   const char *note)
{
	return json_make("{s:s, s:s, s:s, s:s*, s:s*}", "detector", detector, "part", part, "saw",
			 saw, "what", what, "note", note);
}

static json_t *with(json_t *value, bool agrees)
{
	json_put(value, "agree", json_boolean(agrees));
	return value;
}

START_TEST(nobody_asked_nothing_printed)
{
	json_t *rows = json_array();
	char *text = printed(rows);
	ck_assert_str_eq(text, "");
	free(text);
	json_decref(rows);
}
END_TEST

START_TEST(a_disagreement_is_shown_and_one_note_told_once)
{
	json_t *rows = json_make(
		"[o, o, o, o, o]", with(row("tsan", "B0", "nothing", NULL, NULL), true),
		with(row("tsan", "B", "report", "data race, in f (a.c:7)", "It costs no points."),
		     false),
		with(row("tsan", "C", "report", "data race, in f (a.c:7)", "It costs no points."),
		     false),
		row("tsan", "D", "hang", "it did not end", "That is no opinion."),
		row("drd", "", "error", "valgrind is not installed", "That is no opinion."));
	char *text = printed(rows);
	ck_assert_str_eq(strstr(text, "   tsan"),
			 "   tsan agrees on B0; disagrees on B, C; has no opinion on D.\n"
			 "     B, C: data race, in f (a.c:7).\n     It costs no points.\n"
			 "     D: it did not end.\n     That is no opinion.\n"
			 "   drd: valgrind is not installed.\n     That is no opinion.\n");
	free(text);
	json_decref(rows);
}
END_TEST

TCase *second_report_test(void)
{
	TCase *tests = tcase_create("second_report");
	tcase_add_test(tests, nobody_asked_nothing_printed);
	tcase_add_test(tests, a_disagreement_is_shown_and_one_note_told_once);
	return tests;
}
