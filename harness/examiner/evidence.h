/* evidence.h - what a test tells the grader, as records on descriptor 3: one JSON object a packet.
 *
 * A law is a sentence about the submission that holds or is broken. The first broken law ends the
 * test, so a failed test has exactly one finding. What the examiner itself fails at is a fault,
 * never a broken law. [MT-Confined] */
#ifndef EVIDENCE_H
#define EVIDENCE_H
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define EVIDENCE_FD 3

/* A place to show beside a finding: a function of the submission, or the address (within the
 * program) of a traced call. All texts are borrowed. */
struct where {
	const char *function;
	uint64_t place; /* used if function is NULL and this is not 0                            */
	const char *role;
};

struct law {
	const char *finding; /* id of the diagnosis, "eintr-not-retried" */
	const char *name; /* the law in a few words; NULL: the finding's id                      */
	const char *why;  /* one sentence: what the contract demands; may be NULL                */
	const char *detector;  /* what sees it broken, "RES"; NULL: the test's own             */
	struct where where[2]; /* none: the grader takes the test's .about */
};

/* States the law with this finding id; the text says what was seen, with numbers. */
#define LAW(held, id, ...) law_state((held), &(const struct law){ .finding = (id) }, __VA_ARGS__)
/* The same for a law written out in full. */
#define LAW_OF(law, held, ...) law_state((held), (law), __VA_ARGS__)

/* Writes the record. If the law is broken the test ends here (does not return). Of a law that holds
 * again and again only the first time is written. */
void law_state(bool held, const struct law *law, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds n to a count that the final record shows; n must be planned, never decided by timing. */
void EVIDENCE(const char *name, uint64_t n);
/* A chart of a plot: a value for each number from 1 to count (2..256), one of them marked. Numbers
 * that the examiner worked out itself, the same in every run. */
struct chart {
	char name[64], about[96];
	unsigned mark, count;
	const double *value; /* [0] is that of 1 */
};
/* Sends a plot, at most one a test: the grader draws it and says where it is. */
void evidence_plot(const char *title, const char *x, const char *y, const struct chart *chart,
		   size_t charts);
/* A remark for run.json, in our own words. */
void evidence_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* For main.c: the first and the last record, and the law that a failed ck_assert broke. */
void evidence_begin(const char *test, const char *build, const char *seed);
void evidence_end(void);
void evidence_assert(const char *test, const char *text);
/* True once a broken law has been written. */
bool evidence_broken(void);

/* The examiner cannot go on: writes the record `fault` and exits with 3. */
_Noreturn void fault(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Sends one object to descriptor 3 and releases it; a failure ends the examiner. */
void evidence_send(json_t *object);
#endif
