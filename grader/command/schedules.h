/* command/schedules.h - the schedules of a grading, kept for who wants to see or replay them:
 * build/run/LAB/HASH/schedules/TOKEN.json. [MT-Confined] */
#ifndef GRADER_SCHEDULES_H
#define GRADER_SCHEDULES_H
#include <jansson.h>

#include "command/plan.h"

/* Writes a file for each failed row that has a token ("replay"), with a finding that is finished.
 * The return addresses of all of them are looked up at once for each build, and the lines of the
 * submission that they lie at are quoted. A token names one file: a later grading replaces it. */
void schedules_write(const struct lab *lab, const struct programs *programs,
		     const struct plan_result *plan, const json_t *rows, const char *seed);

/* true: a file of this format and version, with a schedule that is formed. NULL is none. */
bool schedules_is_one(const json_t *file);

/* The newest schedule of this token in all gradings below the root, checked. Returned; NULL if
 * there is none. Dies if it is damaged. */
json_t *schedules_find(const char *root, const char *token);

/* The folder of the grading that it belongs to, with its programs. Returned (free); NULL likewise.
 */
char *schedules_folder(const char *root, const char *token);

#endif
