/* report/forms.h - one grade, many forms. Each writer is a pure function of grade.json and run.json
 * (NULL: no times, as --no-times wants) and prints the whole form. Sources: formats.md 8 to 10;
 * Gradescope's results.json, Autolab's feedback, GitHub's workflow commands, the JUnit form as
 * common readers take it, TAP 13 and 14. What "no grade" looks like is said at each.
 * [MT-Confined] to one stream */
#ifndef GRADER_FORMS_H
#define GRADER_FORMS_H
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Of a grade that is not complete (see grade_partial in report/gradescope.c): what is there so far,
 * the other tests "not finished". A grade without a score shall be no file at all: false, and
 * nothing is printed. */
bool report_gradescope(FILE *out, const json_t *grade, const json_t *run);

/* Two lines of JSON, the second one is the score; by_parts: a problem for each part ("A", "B", ...)
 * instead of one ("Lab 3"). No grade: one line that is no JSON. */
void report_autolab(FILE *out, const json_t *grade, bool by_parts);

/* Workflow commands; no grade: one ::error, no points. And the table for the step's summary. */
void report_classroom(FILE *out, const json_t *grade);
void report_classroom_summary(FILE *out, const json_t *grade);
/* base64 of what the official reporter reads; no grade: status "error". */
void report_classroom_result(FILE *out, const json_t *grade, const json_t *run);

/* version 13 (flat) or 14 (parts are subtests). No grade: "Bail out!" at the end. */
void report_tap(FILE *out, const json_t *grade, unsigned version);

#endif
