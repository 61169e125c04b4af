/* report/advice.h - the lower half of the terminal report: findings, score, the first thing to
 * repair. [MT-Confined] */
#ifndef GRADER_ADVICE_H
#define GRADER_ADVICE_H
#include <jansson.h>
#include <stdio.h>

/* Every finding once, with the tests that share it: what, where, why, next. */
void advice_findings(FILE *out, const json_t *grade);

/* The score and what to do first, or that there is no grade and why. */
void advice_score(FILE *out, const json_t *grade, const char *lab_number, const char *folder);

#endif
