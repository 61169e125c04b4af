/* report/second.h - second opinions for a person: who agrees with the schedule explorer about which
 * parts, and each disagreement in full. [MT-Confined] to one stream */
#ifndef GRADER_REPORT_SECOND_H
#define GRADER_REPORT_SECOND_H
#include <jansson.h>
#include <stdio.h>

/* Prints the rows of layers_compare, each with "detector"; nothing for none. */
void second_report(FILE *out, const json_t *rows);

#endif
