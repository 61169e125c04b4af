/* results.json. Everything is `text`: no text can be injected into that. */
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "report/form.h"
#include "report/forms.h"

/* "B.2" of "L3.B.2" */
static const char *number_of(const char *id)
{
	const char *point = strchr(id, '.');
	return point != NULL ? point + 1 : id;
}

static json_t *tags_of(const json_t *test, enum form_status status)
{
	AUTO_FREE char *detector = form_line(test, "detector");
	AUTO_FREE char *finding = form_finding(test);
	if (status == FORM_BLOCKED)
		return json_make("[s]", "blocked");
	if (status == FORM_SKIPPED)
		return json_make("[s]", "skipped");
	if (status == FORM_INFRA)
		return json_make("[s]", "unfinished");
	return *finding != '\0' ? json_make("[s,s]", detector, finding)
				: json_make("[s]", detector);
}

static json_t *test_of(const json_t *test)
{
	enum form_status status = form_status(test);
	bool hidden = json_is_true(json_object_get(test, "hidden"));
	AUTO_FREE char *id = form_line(test, "id");
	AUTO_FREE char *name = form_name(test);
	AUTO_FREE char *story = status == FORM_INFRA ? must_strdup("Not finished.")
						     : form_story(test);
	AUTO_FREE char *replay = form_replay(test);
	json_t *row = json_make("{s:s, s:s}", "number", number_of(id), "name", name);
	if (status != FORM_SKIPPED) { /* without points it is only informational */
		json_put(row, "score", json_points(form_hundredths(test, "points")));
		json_put(row, "max_score", json_points(form_hundredths(test, "max")));
		json_put_text(row, "status", status == FORM_PASS ? "passed" : "failed");
	}
	if (*story != '\0')
		json_put_text(row, "output", story);
	json_put(row, "tags", tags_of(test, status));
	json_put_text(row, "visibility", hidden ? "hidden" : "visible");
	if (*replay != '\0')
		json_put(row, "extra_data", json_make("{s:s}", "replay", replay));
	return row;
}

static char *summary_of(const json_t *grade, bool complete)
{
	AUTO_FREE char *lab = form_line(grade, "lab");
	AUTO_FREE char *isolation = form_line(grade, "isolation");
	AUTO_FREE char *seed = form_line(grade, "seed");
	AUTO_FREE char *score = form_points(grade, "score");
	AUTO_FREE char *max = form_points(grade, "max");
	return must_printf("Lab %s: %s of %s points%s, isolation %s, seed %s.\n%s", lab, score, max,
			   complete ? "" : " so far", isolation, seed,
			   complete ? "Every verdict can be repeated with make replay."
				    : "The grading has not finished. Tests that say so have not "
				      "been judged; submit again if this stays.");
}

bool report_gradescope(FILE *out, const json_t *grade, const json_t *run)
{
	if (!form_is_graded(grade))
		return false;
	bool complete = json_is_true(json_object_get(grade, "complete"));
	AUTO_FREE char *summary = summary_of(grade, complete);
	AUTO_FREE char *lab = form_line(grade, "lab");
	AUTO_FREE char *key = form_line(json_object_get(grade, "versions"), "grade_key");
	json_t *score = json_points(form_hundredths(grade, "score"));
	json_t *tests = json_array();
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i, test)(void)
		json_array_append_new(tests, test_of(test));
	json_t *result = json_make(
		"{s:O, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s}, s:o, s:[{s:s, s:o}]}",
		"score", score, "execution_time", (json_int_t)((form_total_ms(run) + 500) / 1000),
		"output", summary, "output_format", "text", "test_output_format", "text",
		"test_name_format", "text", "visibility", "visible", "stdout_visibility", "hidden",
		"extra_data", "lab", lab, "grade_key", key, "tests", tests, "leaderboard", "name",
		"points", "value", score);
	AUTO_FREE char *text = json_text(result);
	(void)fputs(text, out);
	json_decref(result);
	return true;
}
