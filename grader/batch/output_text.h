/* batch/output_text.h - entries/ENTRY/report.txt: what the student's terminal shows, with the
 * instructor's commands: a schedule of a batch lies in its store. [MT-Safe] */
#ifndef GRADER_OUTPUT_TEXT_H
#define GRADER_OUTPUT_TEXT_H
#include <jansson.h>
#include <stdio.h>

/* `page` as for html_student; only tokens that it has a schedule of are named. */
void output_text(FILE *out, const json_t *class, const json_t *entry, const json_t *grade,
		 const json_t *page);

#endif
