/* bqueue.c - the bounded queue as a monitor: one lock, two conditions, every function a sentence
 * about the invariants below. */
#include "3-work-queue/bqueue.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "common/clab.h"

/* A reason to wait, and how many threads do: a signal is sent only if somebody may hear it. */
struct condition {
	pthread_cond_t cond;
	size_t waiting; /* threads inside condition_wait */
};

/* Whenever nobody holds the lock:
 *	I1	count <= capacity
 *	I2	the items, oldest first, stand in slot[(head + i) % capacity], i = 0 .. count - 1
 *	I3	while a thread sleeps in not_empty that no signal is on its way to, the queue is
 *open and has no more items than signalled threads that are about to look I4	the same for
 *not_full and free slots I5	closed is never cleared; once it is set nobody goes to sleep in
 *not_full any more, nor, when count is 0, in not_empty, and all who slept have been signalled */
struct bq {
	pthread_mutex_t lock; /* guards every field below */
	struct condition not_empty, not_full;
	size_t head, count;
	bool closed;
	size_t capacity; /* never changes */
	void *slot[];
};

static int condition_init(struct condition *c)
{
	pthread_condattr_t attr;
	int error = pthread_condattr_init(&attr);

	if (error)
		return error;
	error = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	if (!error)
		error = pthread_cond_init(&c->cond, &attr);
	(void)pthread_condattr_destroy(&attr); /* cannot fail for one that was made */
	c->waiting = 0;
	return error;
}

static void condition_fini(struct condition *c)
{
	int error = pthread_cond_destroy(&c->cond);

	assert(error == 0);
	(void)error;
}

/* Gives up the lock and sleeps until signalled, for no reason at all, or until the deadline: 0 or
 * ETIMEDOUT. The caller looks at its predicate again in all three cases. */
static int condition_wait(struct condition *c, pthread_mutex_t *lock, uint64_t deadline_us)
{
	int error;

	c->waiting++;
	if (deadline_us == UINT64_MAX) {
		error = pthread_cond_wait(&c->cond, lock);
	} else {
		const struct timespec end = { .tv_sec = (time_t)(deadline_us / 1000000u),
					      .tv_nsec = (long)(deadline_us % 1000000u) * 1000 };
		error = pthread_cond_timedwait(&c->cond, lock, &end);
	}
	c->waiting--;
	assert(error == 0 || error == ETIMEDOUT);
	return error;
}

/* Wakes one of those who wait for an item, or for a slot: call it once for each. */
static void condition_signal(struct condition *c)
{
	if (c->waiting > 0)
		(void)pthread_cond_signal(&c->cond); /* cannot fail */
}

static void condition_broadcast(struct condition *c)
{
	if (c->waiting > 0)
		(void)pthread_cond_broadcast(&c->cond); /* cannot fail */
}

static void lock_queue(struct bq *q)
{
	int error = pthread_mutex_lock(&q->lock);

	assert(error == 0);
	(void)error;
}

static void unlock_queue(struct bq *q)
{
	int error = pthread_mutex_unlock(&q->lock);

	assert(error == 0);
	(void)error;
}

int bq_create(struct bq **out, size_t capacity)
{
	size_t bytes;

	if (capacity == 0 || __builtin_mul_overflow(capacity, sizeof(void *), &bytes) ||
	    __builtin_add_overflow(bytes, sizeof(struct bq), &bytes))
		return EINVAL;
	struct bq *q = malloc(bytes);
	if (!q)
		return ENOMEM;
	q->head = q->count = 0;
	q->closed = false;
	q->capacity = capacity;
	int error = pthread_mutex_init(&q->lock, NULL);
	if (error)
		goto free_queue;
	error = condition_init(&q->not_empty);
	if (error)
		goto destroy_lock;
	error = condition_init(&q->not_full);
	if (error)
		goto fini_not_empty;
	*out = q;
	return 0;

fini_not_empty:
	condition_fini(&q->not_empty);
destroy_lock:
	(void)pthread_mutex_destroy(&q->lock); /* nobody knows it yet */
free_queue:
	free(q);
	return error;
}

void bq_destroy(struct bq *q)
{
	if (!q)
		return;
	assert(q->closed);
	condition_fini(&q->not_full);
	condition_fini(&q->not_empty);
	int error = pthread_mutex_destroy(&q->lock);
	assert(error == 0);
	(void)error;
	free(q);
}

/* Puts the item behind the youngest one and calls for who waits for it. */
static void put(struct bq *q, void *item)
{
	assert(q->count < q->capacity && !q->closed);
	q->slot[(q->head + q->count) % q->capacity] = item;
	q->count++;
	condition_signal(&q->not_empty);
}

/* Takes the oldest item and calls for who waits for its slot. */
static void *take(struct bq *q)
{
	assert(q->count > 0);
	void *item = q->slot[q->head];
	q->head = (q->head + 1) % q->capacity;
	q->count--;
	condition_signal(&q->not_full);
	return item;
}

/* Waits until there is an item. 0, EPIPE closed and empty, ETIMEDOUT; the predicate is looked at
 * once more after the time is over, because an item may have come together with it. */
static int wait_for_item(struct bq *q, uint64_t deadline_us)
{
	int error = 0;

	while (q->count == 0 && !q->closed) {
		if (error)
			return error;
		error = condition_wait(&q->not_empty, &q->lock, deadline_us);
	}
	return q->count > 0 ? 0 : EPIPE;
}

/* The same for a slot. */
static int wait_for_slot(struct bq *q, uint64_t deadline_us)
{
	int error = 0;

	while (q->count == q->capacity && !q->closed) {
		if (error)
			return error;
		error = condition_wait(&q->not_full, &q->lock, deadline_us);
	}
	return q->closed ? EPIPE : 0;
}

int bq_push_until(struct bq *q, void *item, uint64_t deadline_us)
{
	lock_queue(q);
	int error = wait_for_slot(q, deadline_us);
	if (!error)
		put(q, item);
	unlock_queue(q);
	return error;
}

int bq_pop_until(struct bq *q, void **item, uint64_t deadline_us)
{
	lock_queue(q);
	int error = wait_for_item(q, deadline_us);
	if (!error)
		*item = take(q);
	unlock_queue(q);
	return error;
}

int bq_push(struct bq *q, void *item)
{
	return bq_push_until(q, item, UINT64_MAX);
}

int bq_pop(struct bq *q, void **item)
{
	return bq_pop_until(q, item, UINT64_MAX);
}

int bq_try_push(struct bq *q, void *item)
{
	int error = 0;

	lock_queue(q);
	if (q->closed)
		error = EPIPE;
	else if (q->count == q->capacity)
		error = EAGAIN;
	else
		put(q, item);
	unlock_queue(q);
	return error;
}

int bq_try_pop(struct bq *q, void **item)
{
	int error = 0;

	lock_queue(q);
	if (q->count > 0)
		*item = take(q);
	else
		error = q->closed ? EPIPE : EAGAIN;
	unlock_queue(q);
	return error;
}

int bq_pop_many(struct bq *q, void **items, size_t max, size_t *n)
{
	lock_queue(q);
	int error = wait_for_item(q, UINT64_MAX);
	if (!error)
		for (*n = 0; *n < max && q->count > 0; ++*n)
			items[*n] = take(q);
	unlock_queue(q);
	return error;
}

void bq_close(struct bq *q)
{
	lock_queue(q);
	q->closed = true;
	condition_broadcast(&q->not_empty);
	condition_broadcast(&q->not_full);
	unlock_queue(q);
}

size_t bq_size(struct bq *q)
{
	lock_queue(q);
	size_t count = q->count;
	unlock_queue(q);
	return count;
}
