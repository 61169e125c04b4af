/* intake/lab_tests.h - the test list that an examiner wrote with --list. [MT-Confined] */
#ifndef GRADER_LAB_TESTS_H
#define GRADER_LAB_TESTS_H
#include "intake/lab.h"

/* Fills lab->tests from build/labs/NAME/tests.tsv. Dies with file and line on any row that is not
 * of the format. */
void lab_tests_load(struct lab *lab);
void lab_tests_fini(struct lab *lab);

/* The same from memory; `path` is for messages. */
void lab_tests_read(struct lab *lab, const char *path, char *bytes);

#endif
