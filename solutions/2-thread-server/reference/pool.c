/* pool.c - a pool of threads as a monitor: one lock, a ring of tasks, and three reasons to wait;
 * then how many threads are enough. */
#include "2-thread-server/thread_server.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

struct task {
	pool_fn fn;
	void *arg;
};

/* Whenever nobody holds the lock:
 *	I1	queued <= capacity, and the tasks that wait, oldest first, stand in
 *		ring[(head + i) % capacity], i = 0 .. queued - 1
 *	I2	unfinished = queued + tasks that a worker has taken and not finished
 *	I3	if queued > 0 and a worker sleeps, then a worker that was called (waking) is on its
 *		way and will look; who looks and leaves tasks behind calls the next one
 *	I4	a thread sleeps in not_full that no signal is on its way to only while the queue is
 *		full and open; in idle only while unfinished > 0
 *	I5	closed is never cleared; once it is set no task comes in and no worker goes to sleep
 */
struct pool {
	pthread_mutex_t lock; /* guards every field below, up to capacity */
	pthread_cond_t not_empty, not_full, idle;
	size_t head, queued, unfinished;
	unsigned sleeping; /* workers that wait for a task                                      */
	bool waking;       /* one of them was called and has not looked yet                     */
	bool closed;       /* shutdown has begun: who set it joins the workers                  */
	bool joined;       /* and has done so; who waits for that does it in idle               */
	size_t capacity;   /* this and what follows never change                                */
	unsigned threads;  /* started: all of them, once pool_create has returned               */
	struct task *ring;
	pthread_t *thread;
};

/* The pool that this thread is a worker of; NULL: of none. */
static _Thread_local const struct pool *worker_of;

static void lock_pool(struct pool *p)
{
	int error = pthread_mutex_lock(&p->lock);

	assert(error == 0);
	(void)error;
}

static void unlock_pool(struct pool *p)
{
	int error = pthread_mutex_unlock(&p->lock);

	assert(error == 0);
	(void)error;
}

/* Gives up the lock and sleeps; the caller looks at its predicate again, whatever woke it. */
static void wait_pool(struct pool *p, pthread_cond_t *reason)
{
	int error = pthread_cond_wait(reason, &p->lock);

	assert(error == 0);
	(void)error;
}

/* True if the caller must signal not_empty, once it has given up the lock. At most one worker is
 * being woken at a time: a signal for each task would cost two switches for each, and the worker
 * that is on its way will find them all. */
static bool calls_worker(struct pool *p)
{
	if (p->queued == 0 || p->sleeping == 0 || p->waking)
		return false;
	p->waking = true;
	return true;
}

/* Waits for a task and takes the oldest one; false: there will be none. With the lock held. */
static bool take(struct pool *p, struct task *task)
{
	while (p->queued == 0 && !p->closed) {
		p->sleeping++;
		wait_pool(p, &p->not_empty);
		p->sleeping--;
		p->waking = false; /* also if it was not I who was called: one call too many */
	}
	if (p->queued == 0)
		return false;
	if (p->queued-- == p->capacity)
		(void)pthread_cond_broadcast(&p->not_full); /* cannot fail, nor can the others */
	*task = p->ring[p->head];
	p->head = (p->head + 1) % p->capacity;
	return true;
}

/* So many tasks fewer: who waits for the last one is told. */
static void finish(struct pool *p, size_t tasks)
{
	assert(p->unfinished >= tasks);
	p->unfinished -= tasks;
	if (p->unfinished == 0)
		(void)pthread_cond_broadcast(&p->idle);
}

static void *worker_run(void *arg)
{
	struct pool *p = arg;
	struct task task;

	worker_of = p;
	lock_pool(p);
	while (take(p, &task)) {
		bool calls = calls_worker(p);
		unlock_pool(p);
		if (calls)
			(void)pthread_cond_signal(&p->not_empty);
		task.fn(task.arg);
		lock_pool(p);
		finish(p, 1);
	}
	unlock_pool(p);
	return NULL;
}

/* Stops intake, and drops what is queued if `drop`. With the lock held. */
static void close_intake(struct pool *p, bool drop)
{
	p->closed = true;
	if (drop) {
		size_t dropped = p->queued;
		p->queued = 0;
		finish(p, dropped);
	}
	(void)pthread_cond_broadcast(&p->not_empty);
	(void)pthread_cond_broadcast(&p->not_full);
}

static void join_workers(struct pool *p)
{
	for (unsigned i = 0; i < p->threads; i++) {
		int error = pthread_join(p->thread[i], NULL);
		assert(error == 0);
		(void)error;
	}
}

/* Starts all workers; on failure those that run are stopped and joined. */
static int start_workers(struct pool *p, unsigned threads)
{
	for (; p->threads < threads; p->threads++) {
		int error = pthread_create(&p->thread[p->threads], NULL, worker_run, p);
		if (error) {
			lock_pool(p);
			close_intake(p, true);
			unlock_pool(p);
			join_workers(p);
			return error;
		}
	}
	return 0;
}

static int init_monitor(struct pool *p)
{
	pthread_cond_t *cond[] = { &p->not_empty, &p->not_full, &p->idle };
	int error = pthread_mutex_init(&p->lock, NULL);

	if (error)
		return error;
	for (unsigned made = 0; made < 3; made++) {
		error = pthread_cond_init(cond[made], NULL);
		if (error) {
			while (made-- > 0)
				(void)pthread_cond_destroy(cond[made]); /* nobody knows it yet */
			(void)pthread_mutex_destroy(&p->lock);
			return error;
		}
	}
	return 0;
}

static void fini_monitor(struct pool *p)
{
	int error = pthread_cond_destroy(&p->idle);

	error |= pthread_cond_destroy(&p->not_full);
	error |= pthread_cond_destroy(&p->not_empty);
	error |= pthread_mutex_destroy(&p->lock);
	assert(error == 0);
	(void)error;
}

int pool_create(struct pool **out, unsigned threads, size_t capacity)
{
	int error = ENOMEM;

	if (threads == 0 || capacity == 0)
		return EINVAL;
	struct pool *p = calloc(1, sizeof(*p));
	if (!p)
		return ENOMEM;
	p->capacity = capacity;
	p->ring = calloc(capacity, sizeof(p->ring[0]));
	p->thread = calloc(threads, sizeof(p->thread[0]));
	if (!p->ring || !p->thread)
		goto free_pool;
	error = init_monitor(p);
	if (error)
		goto free_pool;
	error = start_workers(p, threads);
	if (error)
		goto fini_monitor;
	*out = p;
	return 0;

fini_monitor:
	fini_monitor(p);
free_pool:
	free(p->thread);
	free(p->ring);
	free(p);
	return error;
}

static int submit(struct pool *p, struct task task, bool waits)
{
	lock_pool(p);
	while (p->queued == p->capacity && !p->closed && waits)
		wait_pool(p, &p->not_full);
	int error = p->closed ? ECANCELED : p->queued == p->capacity ? EAGAIN : 0;
	bool calls = false;
	if (!error) {
		p->ring[(p->head + p->queued) % p->capacity] = task;
		p->queued++;
		p->unfinished++;
		calls = calls_worker(p);
	}
	unlock_pool(p);
	if (calls)
		(void)pthread_cond_signal(&p->not_empty);
	return error;
}

int pool_submit(struct pool *p, pool_fn fn, void *arg)
{
	return submit(p, (struct task){ fn, arg }, worker_of != p);
}

int pool_try_submit(struct pool *p, pool_fn fn, void *arg)
{
	return submit(p, (struct task){ fn, arg }, false);
}

int pool_wait_idle(struct pool *p)
{
	if (worker_of == p)
		return EDEADLK;
	lock_pool(p);
	while (p->unfinished > 0)
		wait_pool(p, &p->idle);
	unlock_pool(p);
	return 0;
}

int pool_shutdown(struct pool *p, int drain)
{
	if (worker_of == p)
		return EDEADLK;
	lock_pool(p);
	if (p->closed) {
		while (!p->joined)
			wait_pool(p, &p->idle);
		unlock_pool(p);
		return 0;
	}
	close_intake(p, !drain);
	unlock_pool(p);
	join_workers(p);
	lock_pool(p);
	p->joined = true;
	(void)pthread_cond_broadcast(&p->idle);
	unlock_pool(p);
	return 0;
}

void pool_destroy(struct pool *p)
{
	if (!p)
		return;
	int error = pool_shutdown(p, 1);
	assert(error == 0 && p->unfinished == 0);
	(void)error;
	fini_monitor(p);
	free(p->thread);
	free(p->ring);
	free(p);
}

unsigned pool_ideal_size(unsigned cores, uint64_t wt_us, uint64_t ct_us, unsigned max_threads)
{
	if (cores == 0)
		cores = 1;
	if (max_threads == 0)
		max_threads = 1;
	if (ct_us == 0)
		return max_threads;
	/* cores + cores * wt / ct, rounded up, in pieces that cannot overflow: the quotient alone
	 * may be too large, and then the answer is the maximum. */
	uint64_t whole = wt_us / ct_us;
	if (whole >= max_threads)
		return max_threads;
	unsigned __int128 rest = (unsigned __int128)cores * (wt_us % ct_us);
	unsigned __int128 size = (unsigned __int128)cores * (whole + 1) +
				 (rest + ct_us - 1) / ct_us;
	return size < max_threads ? (unsigned)size : max_threads;
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;
	int error = clock_gettime(clock, &now);

	assert(error == 0);
	(void)error;
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void pool_measure(pool_fn fn, void *arg, unsigned reps, uint64_t *wt_us, uint64_t *ct_us)
{
	const uint64_t runs = reps ? reps : 1;
	/* The clock of this thread alone: the other one counts the work of all. */
	const uint64_t wall = clock_ns(CLOCK_MONOTONIC);
	const uint64_t cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);

	for (uint64_t i = 0; i < runs; i++)
		fn(arg);
	const uint64_t computed = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
	const uint64_t passed = clock_ns(CLOCK_MONOTONIC) - wall;
	*ct_us = computed / runs / 1000;
	*wt_us = (passed > computed ? passed - computed : 0) / runs / 1000;
}
