/* report/junit.h - JUnit XML: a suite for each submission. Source: formats.md 10; our own schema is
 * grader/tests/junit.xsd. "No grade" is an <error>, blocked tests are failures: many readers count
 * what is skipped as good. [MT-Confined] to one stream */
#ifndef GRADER_JUNIT_H
#define GRADER_JUNIT_H
#include <jansson.h>
#include <stdio.h>

struct junit_sum {
	size_t tests, failures, errors, skipped;
	long ms;
};

/* Adds what one suite will say; the arguments are those of report_junit_suite. */
void report_junit_count(struct junit_sum *sum, const json_t *grade, const json_t *run);

/* The file: begin, suites, end. `sum` is that of all its suites; NULL leaves the sums out, for who
 * does not want to read each grade twice. */
void report_junit_begin(FILE *out, const char *name, const struct junit_sum *sum);
/* entry: as in a class, or NULL for a submission by itself, which is called like its lab. grade: or
 * NULL, then the suite is one error with the entry's note. run: or NULL, then all times are 0. id:
 * the suite's number in the file, from 0. */
void report_junit_suite(FILE *out, size_t id, const json_t *entry, const json_t *grade,
			const json_t *run);
void report_junit_end(FILE *out);

/* A file of one suite. */
void report_junit(FILE *out, const json_t *grade, const json_t *run);

#endif
