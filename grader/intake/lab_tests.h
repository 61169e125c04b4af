/* intake/lab_tests.h - the test list that an examiner wrote with --list. [MT-Confined] */
#ifndef GRADER_LAB_TESTS_H
#define GRADER_LAB_TESTS_H
#include "intake/lab.h"

/* Fills lab->tests from build/labs/NAME/tests.tsv. Dies with file and line on any row that is not
 * of the format. */
void lab_tests_load(struct lab *lab);
void lab_tests_fini(struct lab *lab);

/* The name that a grade uses for a detector: tests may name a kind of test instead (labs/README.md
 * section 6), "function" reports as MODEL, "trace" as CNT, "stress" as SAN. Borrowed. [MT-Safe] */
const char *lab_detector(const char *text);

/* lab_tests_load from memory; `path` is for messages. */
void lab_tests_read(struct lab *lab, const char *path, char *bytes);

#endif
