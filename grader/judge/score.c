/* Gates, points given away, and the sum. */
#include "judge/score.h"

#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "judge/verdict.h"

static long number_of(const json_t *object, const char *key)
{
	return (long)json_integer_value(json_object_get(object, key));
}

static bool same(const json_t *left, const json_t *right, const char *key)
{
	return strcmp(json_text_of(left, key, ""), json_text_of(right, key, "")) == 0;
}

static bool is_status(const json_t *test, const char *status)
{
	return strcmp(json_text_of(test, "status", ""), status) == 0;
}

const json_t *score_gate_of(const json_t *lab, const json_t *test)
{
	size_t i;
	json_t *other;
	json_array_foreach(json_object_get(lab, "tests"), i,
			   other) if (json_is_true(json_object_get(other, "gate")) &&
				      same(other, test, "part")) return same(other, test, "id")
		? NULL
		: other;
	return NULL;
}

static const json_t *verdict_on(const json_t *verdicts, const json_t *test)
{
	return json_object_get(verdicts, json_text_of(test, "id", ""));
}

/* A gate that this machine cannot run blocks nobody: its points went to others. */
bool score_is_open(const json_t *lab, const json_t *test, const json_t *verdicts)
{
	const json_t *gate = score_gate_of(lab, test);
	if (gate == NULL)
		return true;
	const json_t *verdict = verdict_on(verdicts, gate);
	return is_status(verdict, "pass") || is_status(verdict, "skipped");
}

static void put_if_there(json_t *row, const json_t *verdict, const char *key)
{
	json_t *value = json_object_get(verdict, key);
	if (value != NULL)
		json_put(row, key, json_incref(value));
}

static json_t *row_head(const json_t *test, const char *status, const char *detector, long points)
{
	json_t *row = json_make(
		"{s:s, s:s, s:b, s:s, s:I, s:I, s:s, s:s}", "id", json_text_of(test, "id", "?"),
		"part", json_text_of(test, "part", "?"), "gate",
		json_is_true(json_object_get(test, "gate")), "title",
		json_text_of(test, "title", "?"), "points", (json_int_t)points, "max",
		(json_int_t)number_of(test, "points"), "status", status, "detector", detector);
	if (json_is_true(json_object_get(test, "hidden")))
		json_put(row, "hidden", json_true());
	return row;
}

static bool has_failed(const json_t *verdicts, const json_t *test)
{
	return test != NULL && is_status(verdict_on(verdicts, test), "fail");
}

static const json_t *test_named(const json_t *lab, const json_t *id)
{
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(lab, "tests"), i,
			   test) if (json_equal(json_object_get(test, "id"), id)) return test;
	return NULL;
}

/* Whose failure blocks the test: that of a test after which it is judged, or of that one's gate,
 * whatever it says itself, which is chance then; else its own gate's, if for that it was not run.
 */
static const json_t *blocker_of(const json_t *lab, const json_t *test, const json_t *verdicts)
{
	size_t i;
	json_t *id;
	json_array_foreach(json_object_get(test, "after"), i, id)
	{
		const json_t *other = test_named(lab, id);
		if (has_failed(verdicts, other))
			return other;
		const json_t *others_gate = score_gate_of(lab, other);
		if (has_failed(verdicts, others_gate))
			return others_gate;
	}
	const json_t *gate = score_gate_of(lab, test);
	return verdict_on(verdicts, test) == NULL && has_failed(verdicts, gate) ? gate : NULL;
}

static json_t *row_of(const json_t *lab, const json_t *test, const json_t *verdicts)
{
	const json_t *gate = score_gate_of(lab, test);
	const json_t *own = verdict_on(verdicts, test);
	const json_t *blocker = blocker_of(lab, test, verdicts);
	if (blocker != NULL) {
		json_t *row = row_head(test, "blocked", json_text_of(test, "detector", "?"), 0);
		json_put_text(row, "blocked_by", json_text_of(blocker, "id", "?"));
		return row;
	}
	json_t *verdict = NULL;
	if (own == NULL && gate != NULL && is_status(verdict_on(verdicts, gate), "infra")) {
		AUTO_FREE char *reason = must_printf(
			"not run: %s, the gate of its part, gave no result",
			json_text_of(gate, "id", "?"));
		verdict = verdict_infra(test, reason);
	} else if (own == NULL) {
		verdict = verdict_infra(test, "the test was not run");
	}
	const json_t *judged = own != NULL ? own : verdict;
	long points = is_status(judged, "pass") ? number_of(test, "points") : 0;
	json_t *row = row_head(test, json_text_of(judged, "status", "infra"),
			       json_text_of(judged, "detector", "?"), points);
	put_if_there(row, judged, "evidence");
	put_if_there(row, judged, "finding");
	put_if_there(row, judged, "reason");
	json_decref(verdict);
	return row;
}

/* Where the points of a skipped row go: the gate of its part, else the first test of the part, else
 * of the lab. */
static json_t *receiver_of(const json_t *rows, const json_t *skipped)
{
	json_t *best = NULL;
	int best_rank = 0;
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		if (is_status(row, "skipped"))
			continue;
		int rank = 1;
		if (same(row, skipped, "part"))
			rank = json_is_true(json_object_get(row, "gate")) ? 3 : 2;
		if (rank > best_rank) {
			best = row;
			best_rank = rank;
		}
	}
	return best;
}

static void give_away(const json_t *rows, json_t *row)
{
	json_t *receiver = receiver_of(rows, row);
	long given = number_of(row, "max");
	if (receiver == NULL)
		return; /* nothing could run at all: score_total sees that no point is left */
	long max = number_of(receiver, "max") + given;
	json_put(receiver, "max", json_integer(max));
	if (is_status(receiver, "pass"))
		json_put(receiver, "points", json_integer(max));
	json_put(row, "max", json_integer(0));
	json_put(row, "given", json_integer(given));
	json_put_text(row, "given_to", json_text_of(receiver, "id", "?"));
}

json_t *score_tests(const json_t *lab, const json_t *verdicts)
{
	json_t *rows = json_array();
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(lab, "tests"), i, test)(void)
		json_array_append_new(rows, row_of(lab, test, verdicts));
	json_t *row;
	json_array_foreach(rows, i, row) if (is_status(row, "skipped")) give_away(rows, row);
	return rows;
}

void score_total(const json_t *tests, long *score, long *max)
{
	bool graded = json_array_size(tests) > 0;
	*score = 0;
	*max = 0;
	size_t i;
	json_t *row;
	json_array_foreach(tests, i, row)
	{
		bool dead_end = is_status(row, "skipped") && number_of(row, "max") > 0;
		graded = graded && !is_status(row, "infra") && !dead_end;
		*score += number_of(row, "points");
		*max += number_of(row, "max");
	}
	if (!graded)
		*score = -1;
}

json_t *score_unbuilt(const json_t *lab, json_t *finding)
{
	json_t *verdicts = json_object();
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(lab, "tests"), i,
			   test) if (score_gate_of(lab, test) == NULL)
		json_put(verdicts, json_text_of(test, "id", "?"), verdict_fail(test, finding));
	return verdicts;
}

static long blocked_by(const json_t *tests, const json_t *gate)
{
	long waiting = 0;
	size_t i;
	json_t *row;
	json_array_foreach(tests, i, row) if (strcmp(json_text_of(row, "blocked_by", ""),
						     json_text_of(gate, "id", "?")) == 0)
		waiting += number_of(row, "max");
	return waiting;
}

const json_t *score_first_repair(const json_t *tests, long *waiting)
{
	const json_t *first = NULL;
	*waiting = 0;
	size_t i;
	json_t *row;
	json_array_foreach(tests, i, row)
	{
		if (!is_status(row, "fail"))
			continue;
		long behind = blocked_by(tests, row);
		if (behind > 0) {
			*waiting = behind;
			return row;
		}
		if (first == NULL)
			first = row;
	}
	return first;
}
