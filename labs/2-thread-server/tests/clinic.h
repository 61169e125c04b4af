/* clinic.h - how the tests of part A say who calls what, and what is judged.
 *
 *   clinic_explore(w, "add:5 add:7 | add:11 add:2 ; sum");
 *
 * Columns are threads T1, T2 ..., `;` ends a phase: the next one begins when all have returned.
 * Words, with their arguments: square:X add:X sum id month:M errtext:E init parallel:N:THREADS
 * greet:CAP move:FROM:TO:AMOUNT total; inside:K is function K of the header between two marks. */
#ifndef LAB2_CLINIC_H
#define LAB2_CLINIC_H
#include "exploration.h"
#include "lab.h"

struct clinic {
	struct stage stage;
	struct explorer explorer;
	unsigned configuration; /* how many have been explored                                 */
};

/* Starts the subject. */
struct clinic *clinic_open(void);

/* Explores with the whole budget; ends the test if an execution is wrong. */
void clinic_explore(struct clinic *w, const char *threads);

/* Plays one execution of the default schedule with all its events; ends the test if it is wrong.
 * Borrowed until the next one. points: 0, or how many there may be. */
const struct execution *clinic_play(struct clinic *w, const char *threads, uint32_t points,
				    const struct explore_event **event);

/* Whether the first `count` executions of this exploration are all right; the test goes on. */
bool clinic_is_right(struct clinic *w, const char *threads, uint32_t count);

/* How many threads read one of the values that the first call was given. */
unsigned clinic_readers(const struct execution *e, const struct explore_event *event);

/* Ends the test if blocks of memory are left behind by each call. */
void clinic_law_no_leak(struct clinic *w, const char *call);

/* clinic_cases.c: how each of the ten functions is called, in the order of the header. */
#define CLINIC_CASES  10
#define CLINIC_SHAPES 4
struct clinic_case {
	const char *name;                 /* in answers.conf: "next_id"                        */
	const char *alone;                /* by one thread                                     */
	const char *shape[CLINIC_SHAPES]; /* by several; NULL ends                             */
	const char *again;                /* one call, which may be made many times            */
	const char *inside;               /* two calls between marks                           */
};
extern const struct clinic_case clinic_cases[CLINIC_CASES];

/* clinic_words.c: the script of such a text. Dies by fault() if it is wrong: it is ours. */
void clinic_script(const char *threads, uint64_t seed, struct explore_script *out);
/* The function behind an operation, "clinic_add". */
const char *clinic_function(uint16_t op);

/* clinic_judge.c: for struct exploration. */
bool clinic_judge(const struct exploration *x, const struct execution *e, struct verdict *v);
/* clinic_diagnosis.c: likewise. */
void clinic_explain(const struct exploration *x, const struct execution *e,
		    const struct explore_event *event, struct verdict *v);
#endif
