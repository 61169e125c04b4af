/* bqueue.c - two locks: consumers and producers meet only in the count.
 *
 * The front lock guards what consumers touch, the back lock what producers touch. count is changed
 * by both, atomically: a push takes effect when it adds to it, a pop when it subtracts. With the
 * front lock held count can only grow, with the back lock held only shrink; so a test made under
 * one of them stays true for who made it.
 *
 * Each side wakes the next of its own kind while there is reason to, and the other side only when
 * the count leaves 0 or capacity, after it has given back its own lock: nobody holds both.
 *
 * Source: the two-lock queue of Michael and Scott (1996), made bounded with a count. */
#include "3-work-queue/bqueue.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "common/clab.h"

struct side {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* not_empty of the front, not_full of the back */
	size_t at;              /* the next slot of this side; guarded by lock */
};

struct bq {
	struct side front, back;
	_Atomic size_t count;
	_Atomic bool closed; /* set under the back lock, so no push is half done then */
	size_t capacity;     /* never changes */
	void **slot;
};

static int side_init(struct side *s)
{
	pthread_condattr_t attr;
	int error = pthread_mutex_init(&s->lock, NULL);

	if (error)
		return error;
	error = pthread_condattr_init(&attr);
	if (!error) {
		error = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
		if (!error)
			error = pthread_cond_init(&s->changed, &attr);
		(void)pthread_condattr_destroy(&attr);
	}
	if (error)
		(void)pthread_mutex_destroy(&s->lock);
	s->at = 0;
	return error;
}

static void side_fini(struct side *s)
{
	(void)pthread_cond_destroy(&s->changed);
	(void)pthread_mutex_destroy(&s->lock);
}

int bq_create(struct bq **out, size_t capacity)
{
	if (capacity == 0 || capacity > SIZE_MAX / sizeof(void *))
		return EINVAL;
	struct bq *q = calloc(1, sizeof(*q));
	if (!q)
		return ENOMEM;
	int error = ENOMEM;
	q->capacity = capacity;
	q->slot = calloc(capacity, sizeof(*q->slot));
	if (!q->slot)
		goto free_queue;
	error = side_init(&q->front);
	if (error)
		goto free_slots;
	error = side_init(&q->back);
	if (error)
		goto fini_front;
	*out = q;
	return 0;

fini_front:
	side_fini(&q->front);
free_slots:
	free(q->slot);
free_queue:
	free(q);
	return error;
}

void bq_destroy(struct bq *q)
{
	if (!q)
		return;
	side_fini(&q->back);
	side_fini(&q->front);
	free(q->slot);
	free(q);
}

/* How long a call may wait: not at all, or until a deadline. */
struct patience {
	bool none;
	uint64_t deadline_us;
};

/* 0 or ETIMEDOUT. */
static int side_sleep(struct side *s, uint64_t deadline_us)
{
	const struct timespec end = { .tv_sec = (time_t)(deadline_us / 1000000u),
				      .tv_nsec = (long)(deadline_us % 1000000u) * 1000 };

	if (deadline_us == UINT64_MAX)
		return pthread_cond_wait(&s->changed, &s->lock);
	return pthread_cond_timedwait(&s->changed, &s->lock, &end);
}

static void side_call(struct side *s)
{
	pthread_mutex_lock(&s->lock);
	pthread_cond_signal(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

/* Back lock held: 0 there is room, EPIPE, EAGAIN or ETIMEDOUT. */
static int wait_for_room(struct bq *q, const struct patience *p)
{
	int late = 0;

	for (;;) {
		if (atomic_load(&q->closed))
			return EPIPE;
		if (atomic_load(&q->count) < q->capacity)
			return 0;
		if (p->none)
			return EAGAIN;
		if (late)
			return late;
		late = side_sleep(&q->back, p->deadline_us);
	}
}

static int push(struct bq *q, void *item, struct patience p)
{
	pthread_mutex_lock(&q->back.lock);
	int error = wait_for_room(q, &p);
	if (error) {
		pthread_mutex_unlock(&q->back.lock);
		return error;
	}
	q->slot[q->back.at] = item;
	q->back.at = q->back.at + 1 == q->capacity ? 0 : q->back.at + 1;
	size_t before = atomic_fetch_add(&q->count, 1);
	if (before + 1 < q->capacity)
		pthread_cond_signal(&q->back.changed); /* the next producer, if one waits */
	pthread_mutex_unlock(&q->back.lock);
	if (before == 0)
		side_call(&q->front);
	return 0;
}

/* Front lock held: 0 there is an item, EPIPE, EAGAIN or ETIMEDOUT. closed is read before count:
 * once it is set count does not grow any more. */
static int wait_for_item(struct bq *q, const struct patience *p)
{
	int late = 0;

	for (;;) {
		bool closed = atomic_load(&q->closed);
		if (atomic_load(&q->count) > 0)
			return 0;
		if (closed)
			return EPIPE;
		if (p->none)
			return EAGAIN;
		if (late)
			return late;
		late = side_sleep(&q->front, p->deadline_us);
	}
}

static int pop(struct bq *q, void **items, size_t max, size_t *n, struct patience p)
{
	pthread_mutex_lock(&q->front.lock);
	int error = wait_for_item(q, &p);
	if (error) {
		pthread_mutex_unlock(&q->front.lock);
		return error;
	}
	size_t there = atomic_load(&q->count), take = there < max ? there : max;
	for (size_t i = 0; i < take; i++) {
		items[i] = q->slot[q->front.at];
		q->front.at = q->front.at + 1 == q->capacity ? 0 : q->front.at + 1;
	}
	*n = take;
	size_t before = atomic_fetch_sub(&q->count, take);
	if (before > take)
		pthread_cond_signal(&q->front.changed); /* the next consumer, if one waits */
	pthread_mutex_unlock(&q->front.lock);
	if (before == q->capacity)
		side_call(&q->back);
	return 0;
}

int bq_push(struct bq *q, void *item)
{
	return push(q, item, (struct patience){ .deadline_us = UINT64_MAX });
}

int bq_try_push(struct bq *q, void *item)
{
	return push(q, item, (struct patience){ .none = true });
}

int bq_push_until(struct bq *q, void *item, uint64_t deadline_us)
{
	return push(q, item, (struct patience){ .deadline_us = deadline_us });
}

int bq_pop(struct bq *q, void **item)
{
	size_t n;

	return pop(q, item, 1, &n, (struct patience){ .deadline_us = UINT64_MAX });
}

int bq_try_pop(struct bq *q, void **item)
{
	size_t n;

	return pop(q, item, 1, &n, (struct patience){ .none = true });
}

int bq_pop_until(struct bq *q, void **item, uint64_t deadline_us)
{
	size_t n;

	return pop(q, item, 1, &n, (struct patience){ .deadline_us = deadline_us });
}

int bq_pop_many(struct bq *q, void **items, size_t max, size_t *n)
{
	return pop(q, items, max, n, (struct patience){ .deadline_us = UINT64_MAX });
}

void bq_close(struct bq *q)
{
	pthread_mutex_lock(&q->back.lock);
	atomic_store(&q->closed, true);
	pthread_cond_broadcast(&q->back.changed);
	pthread_mutex_unlock(&q->back.lock);
	pthread_mutex_lock(&q->front.lock);
	pthread_cond_broadcast(&q->front.changed);
	pthread_mutex_unlock(&q->front.lock);
}

size_t bq_size(struct bq *q)
{
	return atomic_load(&q->count);
}
