/* Says each cause once: one compile error fails a dozen tests and is still one thing to repair. */
#include "report/advice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/text.h"
#include "judge/score.h"

enum { COLUMNS = 80, INDENT = 3, PLACE_INDENT = 5, SHARED_SHOWN_MAX = 6 };

static bool same_finding(const json_t *left, const json_t *right)
{
	return strcmp(json_text_of(left, "id", ""), json_text_of(right, "id", "")) == 0 &&
	       strcmp(json_text_of(left, "what", ""), json_text_of(right, "what", "")) == 0;
}

/* true: an earlier test told this already. */
static bool is_told(const json_t *tests, size_t index, const json_t *finding)
{
	for (size_t i = 0; i < index; i++) {
		const json_t *other = json_object_get(json_array_get(tests, i), "finding");
		if (other != NULL && same_finding(other, finding))
			return true;
	}
	return false;
}

/* "bqueue.c:51  bq_push  signals" */
static void print_place(FILE *out, const json_t *place)
{
	const char *file = json_text_of(place, "file", "");
	const char *function = json_text_of(place, "function", "");
	const char *role = json_text_of(place, "role", "");
	const char *thread = json_text_of(place, "thread", "");
	json_int_t line = json_integer_value(json_object_get(place, "line"));
	AUTO_FREE char *at = line > 0 ? must_printf("%s:%lld", file, (long long)line)
				      : must_strdup(file);
	AUTO_FREE char *text = must_printf("%s%s%s%s%s%s%s", thread, *thread ? "  " : "", at,
					   *at ? "  " : "", function, *role ? "  " : "", role);
	(void)fprintf(out, "%*s%s\n", PLACE_INDENT, "", text);
}

static void print_others(FILE *out, const json_t *tests, size_t index, const json_t *finding)
{
	AUTO_FREE char *line = must_strdup("The same holds for");
	size_t count = 0;
	for (size_t i = index + 1; i < json_array_size(tests); i++) {
		const json_t *test = json_array_get(tests, i);
		const json_t *other = json_object_get(test, "finding");
		if (other == NULL || !same_finding(other, finding))
			continue;
		if (++count > SHARED_SHOWN_MAX)
			continue;
		char *longer = must_printf("%s %s", line, json_text_of(test, "id", "?"));
		free(line);
		line = longer;
	}
	if (count > SHARED_SHOWN_MAX)
		(void)fprintf(out, "%*s%s and %zu more.\n", INDENT, "", line,
			      count - SHARED_SHOWN_MAX);
	else if (count > 0)
		(void)fprintf(out, "%*s%s.\n", INDENT, "", line);
}

/* "L3.B.2 lost-wakeup", and at the right edge the token of the schedule that shows it. */
static void print_head(FILE *out, const char *test, const char *id, const char *token)
{
	(void)fprintf(out, "\n %s %s", test, id);
	if (token != NULL) {
		size_t used = 2 + text_width(test) + text_width(id) + strlen("TOKEN=") +
			      strlen(token);
		(void)fprintf(out, "%*sTOKEN=%s", used < COLUMNS - 1 ? (int)(COLUMNS - used) : 1,
			      "", token);
	}
	(void)fputc('\n', out);
}

static void print_finding(FILE *out, const json_t *tests, size_t index, const json_t *finding)
{
	const json_t *test = json_array_get(tests, index);
	print_head(out, json_text_of(test, "id", "?"), json_text_of(finding, "id", "?"),
		   json_text_of(test, "replay", NULL));
	text_wrap(out, json_text_of(finding, "what", ""), INDENT, COLUMNS);
	const json_t *where = json_object_get(finding, "where");
	if (json_array_size(where) > 0)
		(void)fputc('\n', out);
	size_t i;
	json_t *place;
	json_array_foreach(where, i, place) print_place(out, place);
	if (json_array_size(where) > 0)
		(void)fputc('\n', out);
	text_wrap(out, json_text_of(finding, "why", ""), INDENT, COLUMNS);
	print_others(out, tests, index, finding);
	AUTO_FREE char *next = must_printf("Next: %s", json_text_of(finding, "next", ""));
	text_wrap(out, next, INDENT, COLUMNS);
}

void advice_findings(FILE *out, const json_t *grade)
{
	const json_t *tests = json_object_get(grade, "tests");
	size_t i;
	json_t *test;
	json_array_foreach(tests, i, test)
	{
		const json_t *finding = json_object_get(test, "finding");
		if (finding != NULL && !is_told(tests, i, finding))
			print_finding(out, tests, i, finding);
	}
}

/* score_first_repair wants hundredths. */
static json_t *in_hundredths(const json_t *tests)
{
	json_t *copy = json_deep_copy(tests);
	size_t i;
	json_t *test;
	json_array_foreach(copy, i, test)
	{
		double max = json_number_value(json_object_get(test, "max"));
		json_put(test, "max", json_integer((json_int_t)lround(max * 100)));
	}
	return copy;
}

static void print_no_grade(FILE *out, const json_t *tests, const char *lab_number,
			   const char *folder)
{
	size_t i;
	json_t *test;
	json_array_foreach(tests, i, test)
	{
		if (strcmp(json_text_of(test, "status", ""), "infra") != 0)
			continue;
		AUTO_FREE char *text = must_printf(
			"No grade: the grader failed at %s (%s). This is not your fault and costs "
			"nothing. Run make grade LAB=%s again; if it comes back, send %s/run.json.",
			json_text_of(test, "id", "?"), json_text_of(test, "reason", "?"),
			lab_number, folder);
		text_wrap(out, text, 1, COLUMNS);
		return;
	}
	text_wrap(out, "No grade: this machine can run none of the tests.", 1, COLUMNS);
}

static void print_first_repair(FILE *out, const json_t *tests)
{
	json_t *rows = in_hundredths(tests);
	long waiting = 0;
	const json_t *first = score_first_repair(rows, &waiting);
	char points[TEXT_POINTS_BYTES];
	text_points(points, waiting);
	if (first != NULL && waiting > 0)
		(void)fprintf(
			out, " First thing to repair: %s, a gate: %s more points wait behind it.\n",
			json_text_of(first, "id", "?"), points);
	else if (first != NULL)
		(void)fprintf(out, " First thing to repair: %s\n", json_text_of(first, "id", "?"));
	json_decref(rows);
}

void advice_score(FILE *out, const json_t *grade, const char *lab_number, const char *folder)
{
	const json_t *tests = json_object_get(grade, "tests");
	const json_t *score = json_object_get(grade, "score");
	(void)fputc('\n', out);
	if (!json_is_number(score)) {
		print_no_grade(out, tests, lab_number, folder);
		return;
	}
	char got[TEXT_POINTS_BYTES];
	char of[TEXT_POINTS_BYTES];
	text_points(got, lround(json_number_value(score) * 100));
	text_points(of, lround(json_number_value(json_object_get(grade, "max")) * 100));
	(void)fprintf(out, " Score %s of %s\n", got, of);
	print_first_repair(out, tests);
}
