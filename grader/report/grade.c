/* Writes keys in one order, and looks at its own work before anybody else does. */
#include "report/grade.h"

#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"

enum { REPLAY_CHARACTERS_MAX = 200 };

static void copy_if_there(json_t *to, const json_t *from, const char *key)
{
	json_t *value = json_object_get(from, key);
	if (value != NULL)
		json_put(to, key, json_incref(value));
}

static void copy_points(json_t *to, const json_t *from, const char *key)
{
	const json_t *value = json_object_get(from, key);
	if (value != NULL)
		json_put(to, key, json_points((long)json_integer_value(value)));
}

static json_t *test_make(const json_t *row)
{
	static const char *const head[] = { "id", "part", "gate", "hidden", "title" };
	static const char *const tail[] = { "status", "detector",   "evidence", "finding",
					    "replay", "blocked_by", "reason" };
	json_t *test = json_object();
	for (size_t i = 0; i < sizeof head / sizeof head[0]; i++)
		copy_if_there(test, row, head[i]);
	copy_points(test, row, "points");
	copy_points(test, row, "max");
	for (size_t i = 0; i < sizeof tail / sizeof tail[0]; i++)
		copy_if_there(test, row, tail[i]);
	copy_points(test, row, "given");
	copy_if_there(test, row, "given_to");
	return test;
}

json_t *grade_make(const struct grade_head *head, const json_t *tests)
{
	json_t *grade = json_object();
	json_put_text(grade, "format", "interleave-grade/1");
	json_put_text(grade, "lab", head->lab);
	json_put(grade, "score", head->score < 0 ? json_null() : json_points(head->score));
	json_put(grade, "max", json_points(head->max));
	json_put(grade, "complete", json_true());
	json_put_text(grade, "isolation", head->isolation);
	json_put_text(grade, "seed", head->seed);
	AUTO_FREE char *submission = must_printf("sha256:%s", head->submission);
	json_put_text(grade, "submission", submission);
	json_put(grade, "versions", json_deep_copy(head->versions));
	json_t *notes = json_array();
	for (size_t i = 0; i < head->notes->count; i++)
		(void)json_array_append_new(notes, json_string(head->notes->item[i]));
	json_put(grade, "notes", notes);
	json_t *written = json_array();
	size_t i;
	json_t *row;
	json_array_foreach(tests, i, row)(void) json_array_append_new(written, test_make(row));
	json_put(grade, "tests", written);
	return grade;
}

static long hundredths(const json_t *object, const char *key)
{
	return lround(json_number_value(json_object_get(object, key)) * 100);
}

static bool has(const json_t *object, const char *key)
{
	return json_object_get(object, key) != NULL;
}

static const char *finding_flaw(const json_t *finding)
{
	static const char *const keys[] = { "id", "what", "where", "why", "next" };
	for (size_t i = 0; finding != NULL && i < sizeof keys / sizeof keys[0]; i++)
		if (!has(finding, keys[i]))
			return "a finding without id, what, where, why or next";
	return NULL;
}

/* A token becomes part of commands and of a file's name. */
static const char *replay_flaw(const json_t *test)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";
	const char *token = json_text_of(test, "replay", "");
	const char *id = json_text_of(test, "id", "?");
	const size_t length = strlen(token);
	if (!has(test, "replay"))
		return NULL;
	return strcmp(json_text_of(test, "status", ""), "fail") == 0 &&
			       strncmp(token, id, strlen(id)) == 0 &&
			       length <= REPLAY_CHARACTERS_MAX && strspn(token, allowed) == length
		       ? NULL
		       : "a token that replays nothing";
}

static const char *test_flaw(const json_t *test)
{
	const char *status = json_text_of(test, "status", "");
	long points = hundredths(test, "points");
	long max = hundredths(test, "max");
	if (points < 0 || points > max)
		return "points outside 0..max";
	if (points % 50 != 0 || max % 50 != 0)
		return "points that are no halves";
	if (replay_flaw(test) != NULL)
		return replay_flaw(test);
	if (strcmp(status, "pass") == 0)
		return points == max && has(test, "evidence") ? NULL : "a pass without evidence";
	if (strcmp(status, "fail") == 0 && (points >= max || !has(test, "finding")))
		return "a fail without a finding";
	if (strcmp(status, "fail") == 0)
		return finding_flaw(json_object_get(test, "finding"));
	if (points != 0)
		return "points for a test that did not pass";
	if (strcmp(status, "blocked") == 0)
		return has(test, "blocked_by") ? NULL : "a blocked test without its gate";
	if (strcmp(status, "skipped") == 0)
		return max == 0 && has(test, "reason") && has(test, "given_to")
			       ? NULL
			       : "a skipped test that kept its points";
	if (strcmp(status, "infra") == 0)
		return has(test, "reason") ? NULL : "an infra without a reason";
	return "an unknown status";
}

const char *grade_flaw(const json_t *grade)
{
	if (strcmp(json_text_of(grade, "format", ""), "interleave-grade/1") != 0)
		return "an unknown format";
	const json_t *tests = json_object_get(grade, "tests");
	long score = 0;
	long max = 0;
	bool graded = json_array_size(tests) > 0 &&
		      json_is_true(json_object_get(grade, "complete"));
	size_t i;
	json_t *test;
	json_array_foreach(tests, i, test)
	{
		const char *flaw = test_flaw(test);
		if (flaw != NULL)
			return flaw;
		graded = graded && strcmp(json_text_of(test, "status", ""), "infra") != 0;
		score += hundredths(test, "points");
		max += hundredths(test, "max");
	}
	if (hundredths(grade, "max") != max)
		return "a maximum that is not the sum of its tests";
	if (!graded)
		return json_is_null(json_object_get(grade, "score")) ? NULL
								     : "a score without a grade";
	if (!json_is_number(json_object_get(grade, "score")) || hundredths(grade, "score") != score)
		return "a score that is not the sum of its tests";
	return NULL;
}
