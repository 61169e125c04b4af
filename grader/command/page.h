/* command/page.h - what the page of a submission shows that has just been graded. [MT-Confined] */
#ifndef GRADER_PAGE_H
#define GRADER_PAGE_H
#include <jansson.h>

#include "command/grading.h"
#include "intake/lab.h"

/* What html_student (report/html.h) shows of this grading: its folder, and what the lab says about
 * itself. Returned. */
json_t *page_make(const struct lab *lab, const struct grading *grading);

#endif
