/* pool.h - how the explored tests of the pool say what the threads do, and what is judged.
 *
 *   explore_pool(w, 2, 1, "submit submit | idle ; drain");     2 workers, room for 1 waiting task
 *
 * Columns are threads, `;` ends a phase: it is over when everybody has returned or sleeps. One more
 * thread makes the pool first, and at the end shuts it down (unless the text does) and destroys it.
 * Then nothing may be left on the heap. Words:
 *
 *   submit try           a task, plain or submit:KIND with KIND meet gated shuts waits submits
 * frees idle drain drop      pool_wait_idle, pool_shutdown destroy open         pool_destroy in the
 * middle of all; the gate is opened pause:US
 *
 * `=NAME` behind a word: that status, and no other (of a task that calls the pool: what that says);
 * `~`: it may be asleep at the end of its phase. Anything else asleep then is wrong. */
#ifndef LAB2_POOL_TEST_H
#define LAB2_POOL_TEST_H
#include "exploration.h"
#include "lab.h"
#include "ops_pool.h"

#define POOL_ANY (-1) /* no status is demanded */

/* arg[2] and arg[3] of an operation of such a script are for the judge. */
#define POOL_STATUS(operation) ((operation)->arg[2])
#define POOL_SLEEPS(operation) ((operation)->arg[3] != 0)

struct pool_test {
	struct stage stage;
	struct explorer explorer;
	struct budget budget;   /* of each configuration                                     */
	unsigned configuration; /* how many have been explored                               */
};

/* What a configuration is about. */
struct pool_shape {
	unsigned threads, capacity;
	unsigned left; /* C.6: places for threads; one more is asked for at first            */
};

/* Starts the subject. The budget of a test is shared by its configurations. */
struct pool_test *pool_open(bool gate, unsigned configurations);
void explore_pool(struct pool_test *w, unsigned threads, unsigned capacity, const char *text);
/* A pool of as many threads as there is room for, after one of one more that cannot be made. */
void explore_failure(struct pool_test *w, unsigned left);

/* Plays one execution in virtual time with these cores: one schedule, first come, first served. A
 * script that has no end is told as `endless`. Borrowed until the next one. */
const struct execution *pool_play(struct pool_test *w, const struct explore_script *script,
				  const struct pool_shape *shape, unsigned cores, uint32_t flags,
				  const char *endless);

/* pool_words.c: the script of such a text. Dies by fault() if it is wrong: it is ours. */
void pool_script(const char *text, const struct pool_shape *shape, struct explore_script *out);
/* The function behind an operation. */
const char *pool_function(uint16_t op);

/* pool_judge.c, pool_explain.c: for struct exploration. */
bool pool_judge(const struct exploration *x, const struct execution *e, struct verdict *v);
void pool_explain(const struct exploration *x, const struct execution *e,
		  const struct explore_event *event, struct verdict *v);
#endif
