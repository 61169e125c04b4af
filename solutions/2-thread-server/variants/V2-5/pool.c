/* pool.c - no lock on the way of a task: a ring of cells, each of which says whose turn it is. The
 * one lock is for sleeping.
 *
 * The n-th task of the pool's life belongs in cell n % capacity, in lap n / capacity. A cell's turn
 * is 2 * lap while it waits for its task of that lap, and one more while that task waits. Who moves
 * `tail` or `head` on has the place; then only he touches the cell, and gives it on by its turn.
 * (Source: the turns are those of E. Rigtorp's MPMCQueue, the ring D. Vyukov's.)
 *
 * Whoever sleeps has said so before a last look, and whoever changes something looks for sleepers
 * afterwards, all sequentially consistent: one of the two sees the other. */
#include "2-thread-server/thread_server.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#define CLOSED (SIZE_MAX / 2 + 1) /* in tail: no task gets a place any more               */
#define LINE   64                 /* what is written by others stands on lines of its own */
#define LOOKS  20                 /* for a task before a worker sleeps                     */

struct task {
	pool_fn fn;
	void *arg;
};

struct cell {
	_Atomic size_t turn;
	struct task task;
};

struct worker {
	alignas(LINE) struct pool *pool;
	_Atomic size_t done; /* tasks; its alone to write */
	pthread_t thread;
};

struct pool {
	alignas(LINE) _Atomic size_t tail;       /* tasks that got a place; CLOSED            */
	alignas(LINE) _Atomic size_t head;       /* tasks that were taken out                 */
	alignas(LINE) _Atomic unsigned sleepers; /* workers; changed under the lock           */
	_Atomic unsigned space_wanted, idle_wanted;
	_Atomic bool waking; /* a worker was called and has not looked yet */
	_Atomic size_t dropped;
	pthread_mutex_t lock; /* for the conditions, and joined */
	pthread_cond_t work, space, idle;
	bool joined;
	size_t capacity; /* this and what follows never change */
	unsigned started;
	struct cell *ring;
	struct worker worker[];
};

static _Thread_local struct worker *self;

static void lock_it(struct pool *p)
{
	int error = pthread_mutex_lock(&p->lock);
	assert(error == 0);
	(void)error;
}

static void unlock_it(struct pool *p)
{
	int error = pthread_mutex_unlock(&p->lock);
	assert(error == 0);
	(void)error;
}

static void tell(struct pool *p, pthread_cond_t *cond)
{
	lock_it(p);
	(void)pthread_cond_broadcast(cond);
	unlock_it(p);
}

/* the ring */

/* 0, EAGAIN: all cells wait for a worker, or ECANCELED. */
static int put(struct pool *p, struct task task)
{
	size_t at = atomic_load(&p->tail);

	while (!(at & CLOSED)) {
		struct cell *c = &p->ring[at % p->capacity];
		const size_t turn = at / p->capacity * 2;
		if (atomic_load(&c->turn) == turn) {
			if (!atomic_compare_exchange_weak(&p->tail, &at, at + 1))
				continue;
			c->task = task;
			atomic_store(&c->turn, turn + 1);
			return 0;
		}
		const size_t before = at;
		at = atomic_load(&p->tail);
		if (at == before)
			return EAGAIN;
	}
	return ECANCELED;
}

/* False: the oldest place has no task (yet: who got it calls a worker when it has). */
static bool take(struct pool *p, struct task *task)
{
	size_t at = atomic_load(&p->head);

	for (;;) {
		struct cell *c = &p->ring[at % p->capacity];
		const size_t turn = at / p->capacity * 2 + 1;
		if (atomic_load(&c->turn) == turn) {
			if (!atomic_compare_exchange_weak(&p->head, &at, at + 1))
				continue;
			*task = c->task;
			atomic_store(&c->turn, turn + 1);
			return true;
		}
		const size_t before = at;
		at = atomic_load(&p->head);
		if (at == before)
			return false;
	}
}

static bool is_empty(struct pool *p)
{
	return atomic_load(&p->head) == (atomic_load(&p->tail) & ~CLOSED);
}

static bool is_closed(struct pool *p)
{
	return atomic_load(&p->tail) & CLOSED;
}

/* The done ones are counted first: if they are as many as there are, all are done. */
static bool is_idle(struct pool *p)
{
	size_t done = atomic_load(&p->dropped);

	for (unsigned i = 0; i < p->started; i++)
		done += atomic_load(&p->worker[i].done);
	return done == (atomic_load(&p->tail) & ~CLOSED);
}

/* who sleeps, and who wakes them */

/* At most one worker is being woken at a time: it finds all tasks, and calls the next one if it
 * leaves some behind. */
static void call_worker(struct pool *p)
{
	if (atomic_load(&p->sleepers) == 0 || atomic_exchange(&p->waking, true))
		return;
	lock_it(p);
	if (atomic_load(&p->sleepers) > 0)
		(void)pthread_cond_signal(&p->work);
	else
		atomic_store(&p->waking, false); /* the last one found a task by itself */
	unlock_it(p);
}

/* Sleeps until there is a task; false: there will be none. */
static bool sleep_for_task(struct pool *p, struct task *task)
{
	bool got;

	lock_it(p);
	atomic_fetch_add(&p->sleepers, 1);
	while (!(got = take(p, task)) && !(is_closed(p) && is_empty(p))) {
		(void)pthread_cond_wait(&p->work, &p->lock);
		atomic_store(&p->waking, false);
	}
	atomic_fetch_sub(&p->sleepers, 1);
	unlock_it(p);
	return got;
}

static bool take_or_wait(struct pool *p, struct task *task)
{
	bool got = false;

	for (unsigned i = 0; i < LOOKS && !got; i++)
		got = take(p, task);
	if (!got && !sleep_for_task(p, task))
		return false;
	if (atomic_load(&p->space_wanted) > 0)
		tell(p, &p->space);
	if (atomic_load(&p->sleepers) > 0) {
		if (!is_empty(p))
			call_worker(p);
		else if (is_closed(p))
			tell(p, &p->work); /* that was the last task: all may go */
	}
	return true;
}

static void *worker_run(void *arg)
{
	struct worker *w = arg;
	struct pool *p = w->pool;
	struct task task;

	self = w;
	while (take_or_wait(p, &task)) {
		task.fn(task.arg);
		atomic_fetch_add(&w->done, 1);
		if (atomic_load(&p->idle_wanted) > 0 && is_idle(p))
			tell(p, &p->idle);
	}
	return NULL;
}

static bool is_worker(const struct pool *p)
{
	return self && self->pool == p;
}

int pool_try_submit(struct pool *p, pool_fn fn, void *arg)
{
	int error = put(p, (struct task){ fn, arg });

	if (!error)
		call_worker(p);
	return error;
}

int pool_submit(struct pool *p, pool_fn fn, void *arg)
{
	int error = pool_try_submit(p, fn, arg);

	if (error != EAGAIN || is_worker(p))
		return error;
	lock_it(p);
	atomic_fetch_add(&p->space_wanted, 1);
	while ((error = put(p, (struct task){ fn, arg })) == EAGAIN)
		(void)pthread_cond_wait(&p->space, &p->lock);
	atomic_fetch_sub(&p->space_wanted, 1);
	unlock_it(p);
	if (!error)
		call_worker(p);
	return error;
}

int pool_wait_idle(struct pool *p)
{
	if (is_worker(p))
		return EDEADLK;
	lock_it(p);
	atomic_fetch_add(&p->idle_wanted, 1);
	while (!is_idle(p))
		(void)pthread_cond_wait(&p->idle, &p->lock);
	atomic_fetch_sub(&p->idle_wanted, 1);
	unlock_it(p);
	return 0;
}

/* the life of a pool */

static void release(struct pool *p)
{
	(void)pthread_cond_destroy(&p->work);
	(void)pthread_cond_destroy(&p->space);
	(void)pthread_cond_destroy(&p->idle);
	(void)pthread_mutex_destroy(&p->lock);
	free(p->ring);
	free(p);
}

static size_t in_lines(size_t bytes)
{
	return (bytes + LINE - 1) / LINE * LINE;
}

int pool_create(struct pool **out, unsigned threads, size_t capacity)
{
	int error = 0;

	if (threads == 0 || capacity == 0)
		return EINVAL;
	struct pool *p = aligned_alloc(LINE, in_lines(sizeof(*p) + threads * sizeof(p->worker[0])));
	if (!p)
		return ENOMEM;
	*p = (struct pool){ .capacity = capacity };
	p->ring = calloc(capacity, sizeof(p->ring[0]));
	(void)pthread_mutex_init(&p->lock, NULL);
	(void)pthread_cond_init(&p->work, NULL);
	(void)pthread_cond_init(&p->space, NULL);
	(void)pthread_cond_init(&p->idle, NULL);
	if (!p->ring)
		error = ENOMEM;
	for (unsigned i = 0; i < threads; i++)
		p->worker[i] = (struct worker){ .pool = p };
	for (; !error && p->started < threads; p->started += !error)
		error = pthread_create(&p->worker[p->started].thread, NULL, worker_run,
				       &p->worker[p->started]);
	if (error) {
		(void)pool_shutdown(p, 0);
		release(p);
		return error;
	}
	*out = p;
	return 0;
}

static void drop_all(struct pool *p)
{
	struct task task;

	while (take(p, &task))
		atomic_fetch_add(&p->dropped, 1);
	tell(p, &p->idle);
	tell(p, &p->work);
}

int pool_shutdown(struct pool *p, int drain)
{
	if (is_worker(p))
		return EDEADLK;
	lock_it(p);
	if (atomic_fetch_or(&p->tail, CLOSED) & CLOSED) {
		while (!p->joined)
			(void)pthread_cond_wait(&p->idle, &p->lock);
		unlock_it(p);
		return 0;
	}
	(void)pthread_cond_broadcast(&p->work);
	(void)pthread_cond_broadcast(&p->space);
	unlock_it(p);
	if (!drain && p->ring)
		drop_all(p);
	for (unsigned i = 0; i < p->started; i++)
		(void)pthread_join(p->worker[i].thread, NULL);
	lock_it(p);
	p->joined = true;
	(void)pthread_cond_broadcast(&p->idle);
	unlock_it(p);
	return 0;
}

void pool_destroy(struct pool *p)
{
	if (!p)
		return;
	(void)pool_shutdown(p, 1);
	release(p);
}

/* The smallest number of threads that keeps all cores busy, found by halving. */
unsigned pool_ideal_size(unsigned cores, uint64_t wt_us, uint64_t ct_us, unsigned max_threads)
{
	unsigned low = 1, high = max_threads ? max_threads : 1;
	const unsigned __int128 work = (unsigned __int128)(cores ? cores : 1) *
				       ((unsigned __int128)wt_us + ct_us);

	while (low < high) {
		const unsigned middle = low + (high - low) / 2;
		if ((unsigned __int128)middle * ct_us >= work && ct_us)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static struct timespec clock_now(clockid_t clock)
{
	struct timespec t = { 0 };

	(void)clock_gettime(clock, &t);
	return t;
}

static int64_t ns_since(clockid_t clock, struct timespec before)
{
	const struct timespec now = clock_now(clock);

	return (now.tv_sec - before.tv_sec) * 1000000000 + now.tv_nsec - before.tv_nsec;
}

void pool_measure(pool_fn fn, void *arg, unsigned reps, uint64_t *wt_us, uint64_t *ct_us)
{
	const int64_t runs = reps ? reps : 1;
	int64_t wall = 0, cpu = 0;

	for (int64_t i = 0; i < runs; i++) {
		const struct timespec began = clock_now(CLOCK_MONOTONIC);
		const struct timespec worked = clock_now(CLOCK_THREAD_CPUTIME_ID);
		fn(arg);
		cpu += ns_since(CLOCK_THREAD_CPUTIME_ID, worked);
		wall += ns_since(CLOCK_MONOTONIC, began);
	}
	*ct_us = (uint64_t)(cpu / runs / 1000);
	*wt_us = (uint64_t)((wall > cpu ? wall - cpu : 0) / runs / 1000);
}
