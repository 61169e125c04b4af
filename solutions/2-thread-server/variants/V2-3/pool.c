/* pool.c - a deque for each worker, and stealing: a worker takes the newest task of its own deque,
 * or the oldest of another one. The bound is one atomic count for all of them; the one lock that
 * they share is for sleeping only.
 *
 * A task is reserved (waiting, unfinished), then pushed; a worker leaves a closed pool only when
 * nothing is reserved. Who sleeps has said so before its last look, and who changes something looks
 * for sleepers afterwards, all sequentially consistent: one of the two sees the other. */
#include "2-thread-server/thread_server.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

struct task {
	pool_fn fn;
	void *arg;
};

struct deque {
	pthread_mutex_t lock; /* guards what follows                                            */
	size_t oldest, count;
	struct task *ring; /* room for all tasks of the pool                                 */
};

struct worker {
	struct pool *pool;
	struct deque deque;
	pthread_t thread;
};

struct pool {
	_Atomic size_t waiting, unfinished; /* reserved; reserved or running                  */
	_Atomic unsigned sleepers, space_wanted; /* threads that look once more, or sleep         */
	_Atomic unsigned next; /* deque for the next task from outside           */
	_Atomic bool closed;
	bool joined;          /* under the lock */
	pthread_mutex_t lock; /* for the conditions */
	pthread_cond_t work, space, idle;
	size_t capacity;
	unsigned threads, started;
	struct worker worker[];
};

static _Thread_local struct worker *self;

static void lock_it(pthread_mutex_t *lock)
{
	int error = pthread_mutex_lock(lock);
	assert(error == 0);
	(void)error;
}

static void unlock_it(pthread_mutex_t *lock)
{
	int error = pthread_mutex_unlock(lock);
	assert(error == 0);
	(void)error;
}

static void tell(struct pool *p, pthread_cond_t *cond)
{
	lock_it(&p->lock);
	(void)pthread_cond_broadcast(cond);
	unlock_it(&p->lock);
}

static void finished(struct pool *p)
{
	if (atomic_fetch_sub(&p->unfinished, 1) == 1)
		tell(p, &p->idle);
}

/* One place less is taken. */
static void release_place(struct pool *p)
{
	const bool last = atomic_fetch_sub(&p->waiting, 1) == 1;

	if (atomic_load(&p->space_wanted) > 0)
		tell(p, &p->space);
	if (last && atomic_load(&p->closed))
		tell(p, &p->work); /* there will be none: all may go */
}

static bool reserve(struct pool *p)
{
	size_t now = atomic_load(&p->waiting);

	while (now < p->capacity)
		if (atomic_compare_exchange_weak(&p->waiting, &now, now + 1)) {
			atomic_fetch_add(&p->unfinished, 1);
			return true;
		}
	return false;
}

static void deque_push(struct pool *p, struct deque *d, struct task task)
{
	lock_it(&d->lock);
	d->ring[(d->oldest + d->count++) % p->capacity] = task;
	unlock_it(&d->lock);
}

static bool deque_take(struct pool *p, struct deque *d, bool newest, struct task *task)
{
	lock_it(&d->lock);
	const bool any = d->count > 0;
	if (any && newest) {
		*task = d->ring[(d->oldest + d->count - 1) % p->capacity];
	} else if (any) {
		*task = d->ring[d->oldest];
		d->oldest = (d->oldest + 1) % p->capacity;
	}
	d->count -= any;
	unlock_it(&d->lock);
	return any;
}

/* From the own deque or another one. */
static bool find(struct worker *w, struct task *task)
{
	struct pool *p = w->pool;
	const unsigned me = (unsigned)(w - p->worker);

	for (unsigned i = 0; i < p->threads; i++)
		if (deque_take(p, &p->worker[(me + i) % p->threads].deque, i == 0, task))
			return true;
	return false;
}

/* Waits for a task; false: there will be none. */
static bool take(struct worker *w, struct task *task)
{
	struct pool *p = w->pool;
	bool found = find(w, task);

	if (!found) {
		lock_it(&p->lock);
		atomic_fetch_add(&p->sleepers, 1);
		while (!(found = find(w, task)) &&
		       !(atomic_load(&p->closed) && atomic_load(&p->waiting) == 0))
			(void)pthread_cond_wait(&p->work, &p->lock);
		atomic_fetch_sub(&p->sleepers, 1);
		unlock_it(&p->lock);
	}
	if (found)
		release_place(p);
	return found;
}

static void *worker_run(void *arg)
{
	struct worker *w = arg;
	struct task task;

	self = w;
	while (take(w, &task)) {
		task.fn(task.arg);
		finished(w->pool);
	}
	return NULL;
}

static bool is_worker(const struct pool *p)
{
	return self && self->pool == p;
}

/* A place, or why there is none. */
static int place(struct pool *p, bool waits)
{
	if (reserve(p))
		return 0;
	if (!waits)
		return atomic_load(&p->closed) ? ECANCELED : EAGAIN;
	bool got = false;
	lock_it(&p->lock);
	atomic_fetch_add(&p->space_wanted, 1);
	while (!atomic_load(&p->closed) && !(got = reserve(p)))
		(void)pthread_cond_wait(&p->space, &p->lock);
	atomic_fetch_sub(&p->space_wanted, 1);
	unlock_it(&p->lock);
	return got ? 0 : ECANCELED;
}

static int submit(struct pool *p, pool_fn fn, void *arg, bool waits)
{
	int error = place(p, waits);

	if (error)
		return error;
	if (atomic_load(&p->closed)) {
		release_place(p);
		finished(p);
		return ECANCELED;
	}
	struct worker *w = is_worker(p) ? self
					: &p->worker[atomic_fetch_add(&p->next, 1) % p->threads];
	deque_push(p, &w->deque, (struct task){ fn, arg });
	if (atomic_load(&p->sleepers) > 0) {
		lock_it(&p->lock);
		(void)pthread_cond_signal(&p->work);
		unlock_it(&p->lock);
	}
	return 0;
}

int pool_submit(struct pool *p, pool_fn fn, void *arg)
{
	return submit(p, fn, arg, !is_worker(p));
}

int pool_try_submit(struct pool *p, pool_fn fn, void *arg)
{
	return submit(p, fn, arg, false);
}

static void release(struct pool *p)
{
	for (unsigned i = 0; i < p->threads; i++) {
		(void)pthread_mutex_destroy(&p->worker[i].deque.lock);
		free(p->worker[i].deque.ring);
	}
	(void)pthread_cond_destroy(&p->work);
	(void)pthread_cond_destroy(&p->space);
	(void)pthread_cond_destroy(&p->idle);
	(void)pthread_mutex_destroy(&p->lock);
	free(p);
}

int pool_create(struct pool **out, unsigned threads, size_t capacity)
{
	int error = 0;

	if (threads == 0 || capacity == 0)
		return EINVAL;
	struct pool *p = calloc(1, sizeof(*p) + threads * sizeof(p->worker[0]));
	if (!p)
		return ENOMEM;
	p->capacity = capacity;
	p->threads = threads;
	(void)pthread_mutex_init(&p->lock, NULL);
	(void)pthread_cond_init(&p->work, NULL);
	(void)pthread_cond_init(&p->space, NULL);
	(void)pthread_cond_init(&p->idle, NULL);
	for (unsigned i = 0; i < threads; i++) {
		struct worker *w = &p->worker[i];
		w->pool = p;
		(void)pthread_mutex_init(&w->deque.lock, NULL);
		w->deque.ring = calloc(capacity, sizeof(w->deque.ring[0]));
		if (!w->deque.ring)
			error = ENOMEM;
	}
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

int pool_wait_idle(struct pool *p)
{
	if (is_worker(p))
		return EDEADLK;
	lock_it(&p->lock);
	while (atomic_load(&p->unfinished) > 0)
		(void)pthread_cond_wait(&p->idle, &p->lock);
	unlock_it(&p->lock);
	return 0;
}

static void drop_all(struct pool *p)
{
	struct task task;

	for (unsigned i = 0; i < p->threads; i++)
		while (deque_take(p, &p->worker[i].deque, false, &task)) {
			release_place(p);
			finished(p);
		}
}

int pool_shutdown(struct pool *p, int drain)
{
	if (is_worker(p))
		return EDEADLK;
	lock_it(&p->lock);
	if (atomic_load(&p->closed)) {
		while (!p->joined)
			(void)pthread_cond_wait(&p->idle, &p->lock);
		unlock_it(&p->lock);
		return 0;
	}
	atomic_store(&p->closed, true);
	(void)pthread_cond_broadcast(&p->work);
	(void)pthread_cond_broadcast(&p->space);
	unlock_it(&p->lock);
	if (!drain)
		drop_all(p);
	for (unsigned i = 0; i < p->started; i++)
		(void)pthread_join(p->worker[i].thread, NULL);
	lock_it(&p->lock);
	p->joined = true;
	(void)pthread_cond_broadcast(&p->idle);
	unlock_it(&p->lock);
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
