/* ops_pool.h - operations of parts C and E: the player keeps one pool, 16 tasks and a gate.
 *
 * A task is known by its number. What it does is its kind; a kind that calls the pool keeps what
 * that said. Some tasks stand at the gate until OP_POOL_OPEN lets them through. */
#ifndef LAB2_OPS_POOL_H
#define LAB2_OPS_POOL_H
#include "ops.h"

/* "-> status" is result[0]; what follows are result[1], [2] and [3]. Sets of tasks: bit i is task
 * i. */
enum lab2_pool_op {
	OP_POOL_CREATE = OP_POOL, /* threads, capacity -> status, where in the program the tasks
				     are, bytes */
	OP_POOL_SUBMIT,           /* task, kind -> status                                    */
	OP_POOL_TRY_SUBMIT,       /* task, kind -> status                                    */
	OP_POOL_WAIT_IDLE,        /* -> status, finished at the return                       */
	OP_POOL_SHUTDOWN,         /* drain -> status, finished, started at the return        */
	OP_POOL_DESTROY,          /* -> 0, finished, started at the return                   */
	OP_POOL_OPEN,             /* -> 0: the gate is open from now on                      */
	OP_POOL_STATE,   /* -> started | started twice << 16 | no task of ours << 32, finished | in
			    a call of the pool << 16, what these calls said: tasks 0..7, 8 bits each
			  */
	OP_POOL_MANY,    /* tasks of 10 us each -> status, how many ran once, how many oftener */
	OP_POOL_PAUSE,   /* us -> 0: sleeps                                                  */
	OP_POOL_BURN,    /* us -> 0: computes                                                */
	OP_POOL_MEASURE, /* wt_us, ct_us, reps -> 0, wt_us, ct_us, runs. Its runs differ: see
			    below                                                            */
	OP_POOL_LOAD,    /* threads, wt_us, ct_us, tasks -> status, ns between the ends of the first
			    and the third quarter of the tasks, tasks that ran               */
};

enum pool_kind {
	POOL_PLAIN,
	POOL_MEET,    /* two of them meet at a barrier                                       */
	POOL_GATED,   /* stands at the gate                                                  */
	POOL_SHUTS,   /* calls pool_shutdown                                                 */
	POOL_WAITS,   /* calls pool_wait_idle                                                */
	POOL_SUBMITS, /* stands at the gate, then submits a plain task, its number + 8       */
	POOL_FREES,   /* releases its own argument                                           */
	POOL_KINDS,
};

#define POOL_TASKS     16
#define POOL_OWN       8 /* numbers below are given by the script                             */
#define POOL_MANY_MAX  2000
#define POOL_NOT_SAID  255
#define POOL_ALL(bits) ((int64_t)(bits)&0xffff)

/* Run number i of OP_POOL_MEASURE lasts so much longer than the mean of the first three: i % 3. */
static inline int64_t pool_measure_more(int64_t us, int64_t run)
{
	return us / 2 * (run % 3 - 1);
}
#endif
