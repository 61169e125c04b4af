/* rest.c - what is right in all six: everything but bq_push, bq_pop and bq_pop_until. */
#include "queue.h"

#include <stdlib.h>

int bq_create(struct bq **out, size_t capacity)
{
	pthread_condattr_t attr;
	struct bq *q = calloc(1, sizeof(*q) + capacity * sizeof(void *));

	if (!q)
		return ENOMEM;
	q->capacity = capacity;
	if (pthread_condattr_init(&attr) || pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) ||
	    pthread_mutex_init(&q->lock, NULL) || pthread_cond_init(&q->not_empty, &attr) ||
	    pthread_cond_init(&q->not_full, &attr)) {
		free(q);
		return ENOMEM;
	}
	*out = q;
	return 0;
}

void bq_destroy(struct bq *q)
{
	free(q);
}

void put(struct bq *q, void *item)
{
	q->slot[(q->head + q->count) % q->capacity] = item;
	q->count++;
}

void *take(struct bq *q)
{
	void *item = q->slot[q->head];

	q->head = (q->head + 1) % q->capacity;
	q->count--;
	return item;
}

int sleep_until(struct bq *q, pthread_cond_t *cond, uint64_t deadline_us)
{
	const struct timespec end = { .tv_sec = (time_t)(deadline_us / 1000000u),
				      .tv_nsec = (long)(deadline_us % 1000000u) * 1000 };

	if (deadline_us == UINT64_MAX)
		return pthread_cond_wait(cond, &q->lock);
	return pthread_cond_timedwait(cond, &q->lock, &end);
}

void bq_close(struct bq *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->not_empty);
	pthread_cond_broadcast(&q->not_full);
	pthread_mutex_unlock(&q->lock);
}

size_t bq_size(struct bq *q)
{
	pthread_mutex_lock(&q->lock);
	size_t count = q->count;
	pthread_mutex_unlock(&q->lock);
	return count;
}

/* In none of the scenarios. */
int bq_try_push(struct bq *q, void *item)
{
	(void)q;
	(void)item;
	return ENOSYS;
}

int bq_try_pop(struct bq *q, void **item)
{
	(void)q;
	(void)item;
	return ENOSYS;
}

int bq_push_until(struct bq *q, void *item, uint64_t deadline_us)
{
	(void)q;
	(void)item;
	(void)deadline_us;
	return ENOSYS;
}

int bq_pop_many(struct bq *q, void **items, size_t max, size_t *n) /* NOLINT: *n is to be written */
{
	(void)q;
	(void)items;
	(void)max;
	(void)n;
	return ENOSYS;
}

int csem_create(struct csem **out, unsigned initial, unsigned max)
{
	(void)out;
	(void)initial;
	(void)max;
	return ENOSYS;
}

void csem_destroy(struct csem *s)
{
	(void)s;
}

void csem_wait(struct csem *s)
{
	(void)s;
}

int csem_try_wait(struct csem *s)
{
	(void)s;
	return ENOSYS;
}

int csem_post(struct csem *s)
{
	(void)s;
	return ENOSYS;
}
