/* 2-thread-server/thread_server.h - thread-per-connection server and thread pool. Students edit:
 *   clinic.c  pool.c  thread_server.c   (conn.c of lab 1 is linked unchanged) */
#ifndef THREAD_SERVER_H
#define THREAD_SERVER_H
#include "1-fork-server/fork_server.h"
#include "3-work-queue/bqueue.h" /* API only: in lab 2 the harness links the reference queue */
#include "common/clab.h"

/* part A: clinic.c, the thread-safety clinic ------------------------------------------
 * Ten functions are given, some unsafe. Repair those that need it, and name the remedy in
 * answers.conf: confine, thread_local, read_only, atomic, mutex (once counts as it) or none.
 * Signatures are fixed; results must equal those of some sequential order of the calls.
 * [MT-Safe after repair] */
#define CLINIC_ACCOUNTS 8 /* numbers 0..7, each starts with 1000           */

int clinic_square(int x);             /* by value: private                              */
void clinic_add(long *sum, long x);   /* pointer: *sum may be shared by the callers    */
uint64_t clinic_next_id(void);        /* writable global: 1, 2, 3, ...                 */
const char *clinic_month(unsigned m); /* read-only table; 1..12, else NULL           */
/* Text for an error number as the given version makes it, valid until the calling thread's next
 * call. */
const char *clinic_errtext(int err);
/* Check-then-act: init runs once in the process; every caller gets its result, after it. */
int clinic_init_once(int (*init)(void));
/* Sum of n values by `threads` threads (false sharing). threads 0 means 1. */
long clinic_sum_parallel(const int *v, size_t n, unsigned threads);
/* A new thread writes the greeting of the given version, cut to cap bytes with its NUL, into out;
 * on return it is complete and the thread has ended. 0 or errno; EINVAL for cap 0. The given
 * version leaks a pointer into a stack. */
int clinic_spawn_greeting(char *out, size_t cap);
/* Two locks. 0; EINVAL for a bad number or amount < 0; ERANGE when `from` holds too little.
 * from == to: the same checks, nothing moves. */
int clinic_transfer(unsigned from, unsigned to, long amount);
long clinic_balance_total(void); /* multi-variable invariant: always 8000         */

/* part C: pool.c */
struct pool;
typedef void (*pool_fn)(void *arg);

/* Starts exactly `threads` (>= 1) workers fed by a queue of `capacity` (>= 1) waiting tasks;
 * EINVAL for 0. No other thread is made. On failure (EAGAIN from pthread_create, ENOMEM) already
 * started threads are stopped and joined. 0 or errno; *out returned. */
int pool_create(struct pool **out, unsigned threads, size_t capacity);
/* Runs fn(arg) on some worker, exactly once. Blocks while the queue is full, but a
 * worker of p gets EAGAIN then (waiting could be for itself). ECANCELED after pool_shutdown
 * began, also for callers waiting then; fn will not run in either case. What was written
 * before the call is visible to fn; no lock is held while fn runs. [MT-Safe] */
int pool_submit(struct pool *p, pool_fn fn, void *arg);
int pool_try_submit(struct pool *p, pool_fn fn, void *arg); /* EAGAIN when full */
/* Returns 0 when every task submitted before the call has finished or was dropped; their effects
 * are visible then. EDEADLK for a worker of p. [MT-Safe] */
int pool_wait_idle(struct pool *p);
/* Stops intake; drain != 0 runs what is queued, drain == 0 drops it; joins all workers.
 * Idempotent: the first caller's drain holds, a concurrent second caller also waits. 0; a
 * worker of p gets EDEADLK and nothing happens. [MT-Safe] */
int pool_shutdown(struct pool *p, int drain);
/* Implies pool_shutdown(p, 1). Not by a worker; no other call under way. NULL: does nothing. */
void pool_destroy(struct pool *p);

/* part E: the size of a pool */
/* N cores, mean wait and computing time of a task in microseconds -> number of threads by
 * N * (1 + WT / CT), rounded up, at least 1. ct_us == 0 means "never computes": returns
 * max_threads. Never overflows; never above max_threads. cores 0 and max_threads 0 count as 1.
 * Pure. */
unsigned pool_ideal_size(unsigned cores, uint64_t wt_us, uint64_t ct_us, unsigned max_threads);
/* Measures WT and CT of fn(arg) on the calling thread: CT is thread CPU time, WT the rest.
 * Runs fn `reps` times (0 counts as 1); both results are means per run, rounded down.
 * [MT-Safe] */
void pool_measure(pool_fn fn, void *arg, unsigned reps, uint64_t *wt_us, uint64_t *ct_us);

/* parts B, D: thread_server.c */
/* cfg->workers == 0: a thread per connection, joined or detached (part B); else a pool of
 * cfg->workers threads serves all connections (part D). SIGTERM as in lab 1, whichever thread
 * it is delivered to; returns 0 with no thread left but the caller. */
int thread_server_run(const struct cl_server_config *cfg);
#endif
