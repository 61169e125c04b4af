/* Autolab reads the last line as the score; what a submission wrote stands in the line before it,
 * inside of JSON texts, where no line can begin. */
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "report/form.h"
#include "report/forms.h"

/* The object of a part, made when it is first asked for: in the order of the tests. */
static json_t *stage_of(json_t *feedback, const char *part)
{
	json_t *stage = json_object_get(feedback, part);
	if (stage != NULL)
		return stage;
	(void)json_array_append_new(json_object_get(feedback, "stages"), json_string(part));
	stage = json_object();
	json_put(feedback, part, stage);
	return stage;
}

static json_t *result_of(const json_t *test, enum form_status status)
{
	if (status == FORM_PASS)
		return json_make("{s:b}", "passed", 1);
	AUTO_FREE char *story = form_story(test);
	return json_make("{s:b, s:s}", "passed", status == FORM_SKIPPED, "hint", story);
}

/* Every gate failed for the same reason before anything ran. */
static bool was_built(const json_t *grade)
{
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i, test)
	{
		const char *detector = json_text_of(test, "detector", "");
		if (form_status(test) == FORM_FAIL && strcmp(detector, "BUILD") == 0)
			return false;
	}
	return true;
}

static json_t *feedback_of(const json_t *grade)
{
	json_t *feedback = json_make("{s:s, s:[s], s:{s:{s:b}}}", "_presentation", "semantic",
				     "stages", "Build", "Build", "compile", "passed",
				     was_built(grade));
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i, test)
	{
		AUTO_FREE char *part = form_line(test, "part");
		AUTO_FREE char *name = form_name(test);
		json_put(stage_of(feedback, part), name, result_of(test, form_status(test)));
	}
	return feedback;
}

static json_t *scores_of(const json_t *grade, bool by_parts)
{
	json_t *scores = json_object();
	AUTO_FREE char *lab = form_lab(json_text_of(grade, "lab", "?"));
	if (!by_parts) {
		json_put(scores, lab, json_points(form_hundredths(grade, "score")));
		return scores;
	}
	json_t *sums = json_object(); /* hundredths */
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i, test)
	{
		AUTO_FREE char *part = form_line(test, "part");
		long sum = (long)json_integer_value(json_object_get(sums, part)) +
			   form_hundredths(test, "points");
		json_put(sums, part, json_integer(sum));
		json_put(scores, part, json_points(sum));
	}
	json_decref(sums);
	return scores;
}

void report_autolab(FILE *out, const json_t *grade, bool by_parts)
{
	if (!form_is_graded(grade)) {
		AUTO_FREE char *why = form_no_grade(grade);
		(void)fprintf(out, "No grade: %s. This is not your fault and costs nothing.\n",
			      why);
		return;
	}
	form_write_line(out, feedback_of(grade));
	form_write_line(out, json_make("{s:o, s:[o]}", "scores", scores_of(grade, by_parts),
				       "scoreboard", json_points(form_hundredths(grade, "score"))));
}
