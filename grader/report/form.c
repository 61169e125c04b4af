/* A grade is asked in one place, so that all forms tell the same story. */
#include "report/form.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/text.h"

enum form_status form_status(const json_t *test)
{
	static const char *const names[] = { [FORM_PASS] = "pass",
					     [FORM_FAIL] = "fail",
					     [FORM_BLOCKED] = "blocked",
					     [FORM_SKIPPED] = "skipped" };
	const char *status = json_text_of(test, "status", "");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i], status) == 0)
			return (enum form_status)i;
	return FORM_INFRA;
}

long form_hundredths(const json_t *object, const char *key)
{
	double points = json_number_value(json_object_get(object, key));
	return fabs(points) < 1e9 ? lround(points * 100) : 0;
}

bool form_is_graded(const json_t *grade)
{
	return json_is_number(json_object_get(grade, "score"));
}

char *form_no_grade(const json_t *grade)
{
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i, test)
	{
		if (form_status(test) != FORM_INFRA)
			continue;
		AUTO_FREE char *id = form_line(test, "id");
		AUTO_FREE char *reason = form_line(test, "reason");
		return must_printf("the grader failed at %s (%s)", id, reason);
	}
	return must_strdup("the grading is not complete");
}

char *form_line(const json_t *object, const char *key)
{
	const char *text = json_text_of(object, key, "");
	return text_clean_line(text, strlen(text));
}

char *form_text(const json_t *object, const char *key)
{
	const char *text = json_text_of(object, key, "");
	return text_clean(text, strlen(text));
}

char *form_name(const json_t *test)
{
	AUTO_FREE char *id = form_line(test, "id");
	AUTO_FREE char *title = form_line(test, "title");
	return must_printf("%s %s", id, title);
}

char *form_lab(const char *lab)
{
	size_t digits = strspn(lab, "0123456789");
	return digits > 0 ? must_printf("Lab %.*s", (int)digits, lab)
			  : text_clean_line(lab, strlen(lab));
}

char *form_points(const json_t *object, const char *key)
{
	char *text = must_alloc(TEXT_POINTS_BYTES);
	text_points(text, form_hundredths(object, key));
	return text;
}

static bool is_hidden(const json_t *test)
{
	return json_is_true(json_object_get(test, "hidden"));
}

char *form_finding(const json_t *test)
{
	return form_line(is_hidden(test) ? NULL : json_object_get(test, "finding"), "id");
}

char *form_replay(const json_t *test)
{
	return form_line(is_hidden(test) ? NULL : test, "replay");
}

const json_t *form_place(const json_t *test)
{
	const json_t *finding = json_object_get(test, "finding");
	size_t i;
	json_t *place;
	if (is_hidden(test))
		return NULL;
	json_array_foreach(json_object_get(finding, "where"), i, place)
	{
		if (*json_text_of(place, "file", "") != '\0')
			return place;
	}
	return NULL;
}

char *form_at(const json_t *place)
{
	AUTO_FREE char *file = form_line(place, "file");
	json_int_t line = json_integer_value(json_object_get(place, "line"));
	return line > 0 ? must_printf("%s:%lld", file, (long long)line) : must_strdup(file);
}

static void put_word(FILE *out, const char *word, bool first)
{
	(void)fprintf(out, "%s%s", *word != '\0' && !first ? " " : "", word);
}

static void put_places(FILE *out, const json_t *finding)
{
	static const char *const words[] = { "function", "thread", "role" };
	size_t i;
	json_t *place;
	json_array_foreach(json_object_get(finding, "where"), i, place)
	{
		AUTO_FREE char *at = form_at(place);
		put_word(out, at, true);
		for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
			AUTO_FREE char *word = form_line(place, words[w]);
			put_word(out, word, w == 0 && *at == '\0');
		}
		(void)fputc('\n', out);
	}
}

static FILE *open_text(char **text, size_t *length)
{
	FILE *out = open_memstream(text, length);
	if (out == NULL)
		die("out of memory");
	return out;
}

/* Ends the text, without the newline at its end and no longer than any text may be. */
static char *close_text(FILE *out, char **text, const size_t *length)
{
	if (fclose(out) != 0 || *text == NULL)
		die("out of memory");
	size_t end = *length;
	while (end > 0 && (*text)[end - 1] == '\n')
		end--;
	char *cleaned = text_clean(*text, end);
	free(*text);
	return cleaned;
}

char *form_places(const json_t *test)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_text(&text, &length);
	if (!is_hidden(test))
		put_places(out, json_object_get(test, "finding"));
	return close_text(out, &text, &length);
}

static void put_line(FILE *out, const json_t *object, const char *key)
{
	AUTO_FREE char *text = form_text(object, key);
	if (*text != '\0')
		(void)fprintf(out, "%s\n", text);
}

static char *tell_finding(const json_t *test)
{
	const json_t *finding = json_object_get(test, "finding");
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_text(&text, &length);
	put_line(out, finding, "what");
	put_places(out, finding);
	put_line(out, finding, "why");
	put_line(out, finding, "next");
	return close_text(out, &text, &length);
}

char *form_story(const json_t *test)
{
	AUTO_FREE char *gate = form_line(test, "blocked_by");
	AUTO_FREE char *reason = form_line(test, "reason");
	AUTO_FREE char *given = form_points(test, "given");
	AUTO_FREE char *receiver = form_line(test, "given_to");
	switch (form_status(test)) {
	case FORM_PASS:
		return must_strdup("");
	case FORM_FAIL:
		return is_hidden(test) ? must_strdup("") : tell_finding(test);
	case FORM_BLOCKED:
		return must_printf("Blocked by %s: repair that test first.", gate);
	case FORM_SKIPPED:
		return must_printf("Skipped: %s. Its %s points are given to %s.", reason, given,
				   receiver);
	case FORM_INFRA:
		break;
	}
	return must_printf("No result: the grader failed (%s). This is not your fault.", reason);
}

char *form_phrase(const json_t *test)
{
	AUTO_FREE char *gate = form_line(test, "blocked_by");
	switch (form_status(test)) {
	case FORM_PASS:
		return must_strdup("");
	case FORM_FAIL:
		return is_hidden(test) ? must_strdup("failed")
				       : form_line(json_object_get(test, "finding"), "what");
	case FORM_BLOCKED:
		return must_printf("blocked by %s", gate);
	case FORM_SKIPPED:
	case FORM_INFRA:
		break;
	}
	return form_line(test, "reason");
}

long form_test_ms(const json_t *run, const char *test)
{
	long ms = 0;
	size_t i;
	json_t *job;
	json_array_foreach(json_object_get(run, "jobs"), i, job)
	{
		if (strcmp(json_text_of(job, "test", ""), test) == 0)
			ms += (long)json_integer_value(json_object_get(job, "wall_ms"));
	}
	return ms;
}

long form_total_ms(const json_t *run)
{
	const json_t *stages = json_object_get(run, "stages");
	return (long)json_integer_value(json_object_get(stages, "total_ms"));
}

void form_write_line(FILE *out, json_t *value)
{
	if (json_dumpf(value, out, JSON_COMPACT | JSON_REAL_PRECISION(10)) != 0)
		die("cannot write JSON");
	(void)fputc('\n', out);
	json_decref(value);
}
