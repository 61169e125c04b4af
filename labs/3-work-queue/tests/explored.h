/* explored.h - how the explored tests of this lab say what the threads do, and what is judged.
 *
 *   explore_queue(w, 1, "push push | pop pop");        capacity 1; T1 pushes twice, T2 pops twice
 *   explore_queue(w, 2, "push push ; pop | pop");      a second phase after the first
 *
 * Columns are threads, `;` ends a phase: it is over when everybody has returned or sleeps. One more
 * thread makes the object first, and at the end closes it (unless the text does), waits until all
 * have returned, and destroys it; of a semaphore it posts once for each wait. Deadlines are counted
 * from the start; 0 is long past, -1 never. Then nothing may be left on the heap. Words: push pop
 * try_push try_pop push_until:US pop_until:US many:MAX size close push_cell pop_cell; wait try_wait
 * post for a semaphore. */
#ifndef LAB3_EXPLORED_H
#define LAB3_EXPLORED_H
#include "exploration.h"
#include "lab.h"

/* What a configuration is about, for judge and diagnosis. */
struct subject {
	bool semaphore;
	int64_t capacity, initial; /* of a semaphore: its maximum, and its first value         */
	const char
		*no_progress; /* the diagnosis of a run without end, in play_once; NULL: as ever */
	uint64_t latest_us;   /* nobody may wait longer than this and a millisecond; 0: no */
};

struct explored {
	struct stage stage;
	struct explorer explorer;
	struct budget budget; /* of each configuration                                       */
	const char
		*no_progress; /* the diagnosis of a run without end, in play_once; NULL: as ever */
	uint64_t latest_us;   /* the last deadline of a configuration; 0: time is not judged */
	unsigned configuration; /* how many have been explored                                 */
};

/* Starts the subject. Spurious wake-ups and early time-outs as given; default budget. */
struct explored *explored_open(bool gate);

void explore_queue(struct explored *w, int64_t capacity, const char *threads);
void explore_semaphore(struct explored *w, int64_t initial, int64_t max, const char *threads);

/* Plays one execution of the default schedule with all its events: for counts and exact times. The
 * queue's history is judged as ever. Borrowed until the next one. */
const struct execution *play_once(struct explored *w, int64_t capacity, const char *threads,
				  uint32_t flags, const struct explore_event **event);
/* Of the last one played: the number of the script's operation with this word, the nth from 0. */
unsigned operation_of(uint16_t op, unsigned nth);

/* words.c: the script of such a text. Dies by fault() if it is wrong: it is ours. */
void script_of(const char *threads, const struct subject *subject, uint64_t seed,
	       struct explore_script *out);
/* The function behind an operation, "bq_pop". */
const char *function_of(uint16_t op);

/* Runs of many items: one or a few long executions of them, judged by sums and orders. */
void explore_run(struct explored *w, const char *name, int64_t capacity, const char *threads);

/* judge.c: for struct exploration. */
bool judge_history(const struct exploration *x, const struct execution *e, struct verdict *v);

/* Whether the answers could be explained if those of the marked operations of the script were not
 * there. */
bool explained_without(const struct exploration *x, const struct execution *e, const bool *without);

/* Parts of both: the object could not be made; something is left on the heap. */
bool made_wrong(const struct exploration *x, const struct execution *e, struct verdict *v);
bool leaks(const struct execution *e, struct verdict *v);
/* judge_run.c, the same for runs: what went in came out, once, in the order of its producer. */
bool judge_run(const struct exploration *x, const struct execution *e, struct verdict *v);

/* diagnosis.c: likewise. */
void explain_queue(const struct exploration *x, const struct execution *e,
		   const struct explore_event *event, struct verdict *v);
#endif
