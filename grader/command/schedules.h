/* command/schedules.h - the schedules of a grading, kept for who wants to see or replay them:
 * build/run/LAB/HASH/schedules/TOKEN.json. [MT-Confined] */
#ifndef GRADER_SCHEDULES_H
#define GRADER_SCHEDULES_H
#include <jansson.h>

#include "intake/lab.h"

/* Writes a file below the folder of the grading for each failed row that has a token ("replay"),
 * with a finding that is finished. The lines of its sources/ at which the schedule's addresses lie
 * are quoted. A token names one file: a later grading replaces it. */
void schedules_write(const struct lab *lab, const char *folder, const json_t *evidence,
		     const json_t *verdicts, const json_t *rows);

/* true: a file of this format and version, with a schedule that is formed. NULL is none. */
bool schedules_is_one(const json_t *file);

/* The newest schedule of this token in all gradings below the root, checked. Returned; NULL if
 * there is none. Dies if it is damaged. */
json_t *schedules_find(const char *root, const char *token);

/* The folder of the grading that it belongs to, with its programs. Returned (free); NULL likewise.
 */
char *schedules_folder(const char *root, const char *token);

#endif
