/* report/form.h - what the writers of forms share: how a grade is asked, and its texts made clean.
 *
 * The forms are pure functions of grade.json, of run.json where times are wanted, and of the class:
 * no clock, no file, no environment. Every text is cleaned once more on its way out (base/text.h),
 * whoever claims to have done so: grade.json may have been read from a disk. What a format needs
 * beyond that (quotes, entities, ...) is its writer's. All functions are [MT-Safe] and die when
 * memory is out; texts that are no const are returned (free). */
#ifndef GRADER_FORM_H
#define GRADER_FORM_H
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

enum form_status { FORM_PASS, FORM_FAIL, FORM_BLOCKED, FORM_SKIPPED, FORM_INFRA };

/* Anything that is no known status is infra: never a pass. */
enum form_status form_status(const json_t *test);
/* A number of points in hundredths; 0 if it is none. */
long form_hundredths(const json_t *object, const char *key);
/* true: the grade has a score. */
bool form_is_graded(const json_t *grade);
/* Why there is no grade: "the grader failed at L3.C.2 (reason)". */
char *form_no_grade(const json_t *grade);

/* The text of a key, clean: in one line, or in several. "" if it is no text. */
char *form_line(const json_t *object, const char *key);
char *form_text(const json_t *object, const char *key);
/* "L3.B.2 several producers and consumers" */
char *form_name(const json_t *test);
/* "Lab 3" of "3-work-queue" */
char *form_lab(const char *lab);
/* Points of a key as a number in text, as text_points does. */
char *form_points(const json_t *object, const char *key);
/* Diagnosis and token of a test; "" if there is none, or if the test is hidden. */
char *form_finding(const json_t *test);
char *form_replay(const json_t *test);
/* The first place of the finding that has a file, borrowed; NULL if there is none. */
const json_t *form_place(const json_t *test);
/* "bqueue.c:72", "bqueue.c" without a line; "" for NULL. */
char *form_at(const json_t *place);
/* The places of a finding, a line each: "bqueue.c:72 bq_pop T2 tests count outside the mutex". */
char *form_places(const json_t *test);
/* What a student is to know about a test that did not pass; "" for one that did. Several lines: a
 * finding is told as what, where, why, next. A hidden test tells nothing. */
char *form_story(const json_t *test);
/* The same in one phrase: what, "blocked by L3.C.1", or the reason. */
char *form_phrase(const json_t *test);

/* Wall time from run.json: of a test over all its builds, and of the whole grading. 0 for run NULL.
 */
long form_test_ms(const json_t *run, const char *test);
long form_total_ms(const json_t *run);

/* The value in one line, reals as in grade.json. The value is given. */
void form_write_line(FILE *out, json_t *value);

#endif
