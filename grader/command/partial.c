/* The same rows as in the end, of the verdicts that are there. */
#include "command/partial.h"

#include "base/json.h"
#include "judge/score.h"
#include "report/grade.h"

json_t *partial_grade(const struct grade_head *head, const json_t *lab_json, const json_t *verdicts)
{
	long score = 0;
	struct grade_head so_far = *head;
	json_t *rows = score_tests(lab_json, verdicts);
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		/* Addresses that have not been looked up yet are no places. */
		json_t *finding = json_object_get(row, "finding");
		if (finding != NULL) {
			finding = json_deep_copy(finding);
			(void)json_object_del(finding, "where");
			json_put(row, "finding", finding);
		}
		score += (long)json_integer_value(json_object_get(row, "points"));
	}
	score_total(rows, &so_far.score, &so_far.max);
	json_t *versions = json_object();
	so_far.versions = versions;
	json_t *grade = grade_make(&so_far, rows);
	json_decref(versions);
	json_put(grade, "complete", json_false());
	json_put(grade, "score", json_points(score));
	json_decref(rows);
	return grade;
}
