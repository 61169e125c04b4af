/* report/tables.h - a class as tables: CSV (RFC 4180, LF) and JSON Lines. Source: formats.md 7. A
 * "class" is the value that the batch makes of its store, points in hundredths. Without a grade the
 * cells of points are empty, never 0. Texts of others are guarded against spreadsheets
 * (base/csv.h). [MT-Confined] to one stream */
#ifndef GRADER_TABLES_H
#define GRADER_TABLES_H
#include <jansson.h>
#include <stdio.h>

/* grades.csv: a row for each person; an entry of nobody we know has one row, too. */
void report_grades_csv(FILE *out, const json_t *class);
/* ungraded.csv: those of them that have no grade, and why. */
void report_ungraded_csv(FILE *out, const json_t *class);

/* tests.csv: a row for each entry and test. grade NULL: no row. */
void report_tests_csv_head(FILE *out);
void report_tests_csv(FILE *out, const json_t *entry, const json_t *grade);

/* similarity.csv: a row for each pair of hand-ins that are alike, from the class's "similarity". */
void report_similarity_csv(FILE *out, const json_t *class);

/* A line of grades.jsonl. What failed and what was blocked is taken from the grade, or from the
 * entry if grade is NULL. */
void report_jsonl(FILE *out, const json_t *class, const json_t *entry, const json_t *grade);

#endif
