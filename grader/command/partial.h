/* command/partial.h - a grade while tests are still to come: for forms that must be there if the
 * machine's owner ends everything. It is no grade.json and never gets that name. [MT-Safe] */
#ifndef GRADER_PARTIAL_H
#define GRADER_PARTIAL_H
#include <jansson.h>

/* `head` without score, max and versions; `lab_json` and `verdicts` as in judge/score.h. "complete"
 * is false, the score is that of the tests that passed so far. Returned. */
struct grade_head;
json_t *partial_grade(const struct grade_head *head, const json_t *lab_json,
		      const json_t *verdicts);

#endif
