/* bqueue.c - one lock, one condition variable, always a broadcast: whoever waits looks again after
 * every change. Correct for any number of reasons to wait, and not economical. The items are a
 * linked list. */
#include "3-work-queue/bqueue.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "common/clab.h"

struct node {
	struct node *next;
	void *item;
};

struct bq {
	pthread_mutex_t lock; /* guards every field below */
	pthread_cond_t changed;
	struct node *oldest, *youngest, *unused;
	size_t count, capacity;
	bool closed;
	struct node node[];
};

int bq_create(struct bq **out, size_t capacity)
{
	pthread_condattr_t attr;

	if (capacity == 0 || capacity > (SIZE_MAX - sizeof(struct bq)) / sizeof(struct node))
		return EINVAL;
	struct bq *q = malloc(sizeof(*q) + capacity * sizeof(struct node));
	if (!q)
		return ENOMEM;
	int error = pthread_condattr_init(&attr);
	if (error)
		goto free_queue;
	error = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	if (!error)
		error = pthread_cond_init(&q->changed, &attr);
	(void)pthread_condattr_destroy(&attr);
	if (error)
		goto free_queue;
	error = pthread_mutex_init(&q->lock, NULL);
	if (error)
		goto destroy_changed;
	q->oldest = q->youngest = q->unused = NULL;
	q->count = 0;
	q->capacity = capacity;
	q->closed = false;
	for (size_t i = 0; i < capacity; i++) {
		q->node[i].next = q->unused;
		q->unused = &q->node[i];
	}
	*out = q;
	return 0;

destroy_changed:
	(void)pthread_cond_destroy(&q->changed);
free_queue:
	free(q);
	return error;
}

void bq_destroy(struct bq *q)
{
	if (!q)
		return;
	(void)pthread_mutex_destroy(&q->lock);
	(void)pthread_cond_destroy(&q->changed);
	free(q);
}

static void put(struct bq *q, void *item)
{
	struct node *n = q->unused;

	q->unused = n->next;
	*n = (struct node){ .item = item };
	if (q->count++ == 0)
		q->oldest = n;
	else
		q->youngest->next = n;
	q->youngest = n;
}

static void *take(struct bq *q)
{
	struct node *n = q->oldest;
	void *item = n->item;

	q->oldest = n->next;
	q->count--;
	n->next = q->unused;
	q->unused = n;
	return item;
}

/* True if the time is over. */
static bool sleep_until(struct bq *q, uint64_t deadline_us)
{
	const struct timespec end = { .tv_sec = (time_t)(deadline_us / 1000000u),
				      .tv_nsec = (long)(deadline_us % 1000000u) * 1000 };

	if (deadline_us != UINT64_MAX)
		return pthread_cond_timedwait(&q->changed, &q->lock, &end) == ETIMEDOUT;
	(void)pthread_cond_wait(&q->changed, &q->lock);
	return false;
}

static void tell_all(struct bq *q)
{
	pthread_cond_broadcast(&q->changed);
}

/* may_wait: else EAGAIN instead of sleeping. */
static int push(struct bq *q, void *item, bool may_wait, uint64_t deadline_us)
{
	bool late = false;
	int error = 0;

	pthread_mutex_lock(&q->lock);
	while (!q->closed && q->count == q->capacity && may_wait && !late)
		late = sleep_until(q, deadline_us);
	if (q->closed) {
		error = EPIPE;
	} else if (q->count == q->capacity) {
		error = may_wait ? ETIMEDOUT : EAGAIN;
	} else {
		put(q, item);
		tell_all(q);
	}
	pthread_mutex_unlock(&q->lock);
	return error;
}

static int pop(struct bq *q, void **items, size_t max, size_t *n, bool may_wait,
	       uint64_t deadline_us)
{
	bool late = false;
	int error = 0;

	*n = 0;
	pthread_mutex_lock(&q->lock);
	while (!q->closed && q->count == 0 && may_wait && !late)
		late = sleep_until(q, deadline_us);
	while (*n < max && q->count > 0)
		items[(*n)++] = take(q);
	if (*n > 0)
		tell_all(q);
	else if (q->closed)
		error = EPIPE;
	else
		error = may_wait ? ETIMEDOUT : EAGAIN;
	pthread_mutex_unlock(&q->lock);
	return error;
}

int bq_push(struct bq *q, void *item)
{
	return push(q, item, true, UINT64_MAX);
}

int bq_try_push(struct bq *q, void *item)
{
	return push(q, item, false, 0);
}

int bq_push_until(struct bq *q, void *item, uint64_t deadline_us)
{
	return push(q, item, true, deadline_us);
}

int bq_pop(struct bq *q, void **item)
{
	size_t n;

	return pop(q, item, 1, &n, true, UINT64_MAX);
}

int bq_try_pop(struct bq *q, void **item)
{
	size_t n;

	return pop(q, item, 1, &n, false, 0);
}

int bq_pop_until(struct bq *q, void **item, uint64_t deadline_us)
{
	size_t n;

	return pop(q, item, 1, &n, true, deadline_us);
}

int bq_pop_many(struct bq *q, void **items, size_t max, size_t *n)
{
	return pop(q, items, max, n, true, UINT64_MAX);
}

void bq_close(struct bq *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	tell_all(q);
	pthread_mutex_unlock(&q->lock);
}

size_t bq_size(struct bq *q)
{
	pthread_mutex_lock(&q->lock);
	size_t count = q->count;
	pthread_mutex_unlock(&q->lock);
	return count;
}
