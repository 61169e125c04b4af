/* The check on our own grades, and the terminal report of one grade with everything in it. */
#include "report/grade.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "report/terminal.h"

TCase *grade_test(void);

static json_t *make_rows(void)
{
	static const char rows[] =
		"[{\"id\":\"L1.A.1\",\"part\":\"A\",\"gate\":true,\"title\":\"a "
		"title that is so long that it needs a second line\","
		"\"points\":150,\"max\":150,\"status\":\"pass\",\"detector\":"
		"\"FI\",\"evidence\":{\"requests\":20}},"
		"{\"id\":\"L1.B.1\",\"part\":\"B\",\"gate\":true,\"title\":"
		"\"t\",\"points\":0,\"max\":400,\"status\":\"fail\","
		"\"detector\":\"FI\",\"replay\":\"L1.B.1-7f1c9e\",\"evidence\":{},"
		"\"finding\":{\"id\":"
		"\"short-read\",\"what\":\"w\","
		"\"where\":[{\"file\":\"net.c\",\"line\":42,\"function\":\"f\","
		"\"role\":\"r\"}],\"why\":\"y\",\"next\":\"make hint\"}},"
		"{\"id\":\"L1.B.2\",\"part\":\"B\",\"gate\":false,\"title\":"
		"\"t\",\"points\":0,\"max\":300,\"status\":\"blocked\","
		"\"detector\":\"FI\",\"blocked_by\":\"L1.B.1\"}]";
	json_t *value = json_read_bytes(rows, strlen(rows), NULL);
	ck_assert_ptr_nonnull(value);
	return value;
}

static json_t *make_grade(long score)
{
	static char note[] = "a note";
	static char *notes_items[] = { note, NULL };
	static const struct words notes = { .item = notes_items, .count = 1 };
	json_t *rows = make_rows();
	json_t *versions = json_object();
	const struct grade_head head = { .lab = "1-fork-server",
					 .isolation = "full",
					 .seed = "00000000000000ff",
					 .submission = "ab",
					 .versions = versions,
					 .notes = &notes,
					 .score = score,
					 .max = 850 };
	json_t *grade = grade_make(&head, rows);
	json_decref(rows);
	json_decref(versions);
	return grade;
}

START_TEST(a_right_grade_has_no_flaw)
{
	json_t *grade = make_grade(150);
	ck_assert_msg(grade_flaw(grade) == NULL, "%s", grade_flaw(grade));
	ck_assert_double_eq(json_number_value(json_object_get(grade, "score")), 1.5);
	ck_assert(json_is_integer(
		json_object_get(json_array_get(json_object_get(grade, "tests"), 1), "max")));
	json_decref(grade);
}
END_TEST

/* Each breaks one rule of the format: index of the test (-1: the grade itself), key, value as JSON
 * (NULL: removed). */
static const struct {
	int test;
	const char *key, *value;
} flaws[] = {
	{ -1, "score", "[2]" },
	{ -1, "score", "[null]" },
	{ -1, "max", "[9]" },
	{ -1, "format", "[\"x/2\"]" },
	{ -1, "complete", "[false]" },
	{ -1, "tests", "[[]]" },
	{ 0, "points", "[1]" },
	{ 0, "points", "[-1]" },
	{ 0, "evidence", NULL },
	{ 0, "status", "[\"good\"]" },
	{ 0, "status", "[\"infra\"]" },
	{ 0, "max", "[1.25]" },
	{ 1, "finding", NULL },
	{ 1, "points", "[4]" },
	{ 1, "finding", "[{\"id\":\"x\"}]" },
	{ 2, "blocked_by", NULL },
	{ 2, "points", "[3]" },
	{ 2, "status", "[\"skipped\"]" },
	{ 1, "replay", "[7]" },
	{ 1, "replay", "[\"L9.B.1-7f1c9e\"]" },
	{ 1, "replay", "[\"L1.B.1-7f/../x\"]" },
	{ 0, "replay", "[\"L1.A.1-7f1c9e\"]" },
};

START_TEST(every_broken_rule_is_seen)
{
	json_t *grade = make_grade(150);
	json_t *target = flaws[_i].test < 0 ? grade
					    : json_array_get(json_object_get(grade, "tests"),
							     (size_t)flaws[_i].test);
	if (flaws[_i].value == NULL) {
		ck_assert_int_eq(json_object_del(target, flaws[_i].key), 0);
	} else {
		json_t *value = json_read_bytes(flaws[_i].value, strlen(flaws[_i].value), NULL);
		json_put(target, flaws[_i].key, json_incref(json_array_get(value, 0)));
		json_decref(value);
	}
	ck_assert_msg(grade_flaw(grade) != NULL, "%s of test %d", flaws[_i].key, flaws[_i].test);
	json_decref(grade);
}
END_TEST

static char *report(const json_t *grade)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	json_t *parts = json_make("{s:s, s:s}", "A", "first", "B", "second");
	static const struct words warnings = { 0 };
	const struct terminal_context context = {
		.lab_number = "1", .parts = parts, .warnings = &warnings, .folder = "build/x"
	};
	terminal_report(out, grade, &context);
	(void)fclose(out);
	json_decref(parts);
	return text;
}

START_TEST(the_report_tells_every_fact_in_eighty_columns)
{
	json_t *grade = make_grade(150);
	char *text = report(grade);
	static const char *const facts[] = {
		" A  first",
		"1.5 / 1.5",
		"pass  L1.A.1",
		"FAIL  L1.B.1",
		"----  L1.B.2  t: blocked by L1.B.1",
		"L1.B.1 short-read",
		"net.c:42  f  r",
		"Next: make hint",
		" Score 1.5 of 8.5",
		"First thing to repair: L1.B.1, a gate: 3 more points wait behind it.",
		"20 requests"
	};
	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
		ck_assert_msg(strstr(text, facts[i]) != NULL, "no '%s' in:\n%s", facts[i], text);
	ck_assert_ptr_null(strchr(text, '\033'));
	for (char *rest = text, *line = strsep(&rest, "\n"); line != NULL;
	     line = strsep(&rest, "\n"))
		ck_assert_msg(text_width(line) <= 80, "%zu columns: %s", text_width(line), line);
	free(text);
	json_decref(grade);
}
END_TEST

START_TEST(no_grade_says_whose_fault_it_is)
{
	json_t *grade = make_grade(-1);
	json_t *test = json_array_get(json_object_get(grade, "tests"), 2);
	json_put_text(test, "status", "infra");
	json_put_text(test, "reason", "no socket");
	ck_assert_ptr_null(grade_flaw(grade));
	char *text = report(grade);
	ck_assert_ptr_nonnull(strstr(text, "No grade: the grader failed at L1.B.2 (no socket)."));
	ck_assert_ptr_null(strstr(text, "Score"));
	free(text);
	json_decref(grade);
}
END_TEST

TCase *grade_test(void)
{
	TCase *tests = tcase_create("report/grade");
	tcase_add_test(tests, a_right_grade_has_no_flaw);
	tcase_add_loop_test(tests, every_broken_rule_is_seen, 0, sizeof flaws / sizeof flaws[0]);
	tcase_add_test(tests, the_report_tells_every_fact_in_eighty_columns);
	tcase_add_test(tests, no_grade_says_whose_fault_it_is);
	return tests;
}
