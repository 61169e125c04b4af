/* report/grade.h - grade.json, the one form with authority. Source: formats.md section 4. [MT-Safe]
 */
#ifndef GRADER_GRADE_H
#define GRADER_GRADE_H
#include <jansson.h>
#include <stdbool.h>

#include "base/words.h"

struct grade_head {
	const char *lab;           /* "1-fork-server"                          */
	const char *isolation;     /* "full" or "reduced"                      */
	const char *seed;          /* 16 hex digits                            */
	const char *submission;    /* 64 hex digits                            */
	const json_t *versions;    /* see formats.md                           */
	const struct words *notes; /* clean text                               */
	long score, max;           /* hundredths; score -1: no grade           */
};

/* `tests` as of score_tests, with finished findings. Keys are in the order of the format and
 * nothing in it may differ between two gradings. Returned. */
json_t *grade_make(const struct grade_head *head, const json_t *tests);

/* NULL, or a phrase naming the first rule of formats.md 2 and 4 that the value breaks: a check on
 * ourselves before anything is written, and on every grade.json that is read. */
const char *grade_flaw(const json_t *grade);

#endif
