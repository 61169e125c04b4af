/* bug5.c - "my time is over, so I leave".
 *
 * Scenario: capacity 1. T1: push 1. T2: pop_until, a millisecond after the start. T3: pop. When
 * nothing moves any more, T1: close.
 * Make it fail with: expect deadlock */
#include "queue.h"

int bq_push(struct bq *q, void *item)
{
	pthread_mutex_lock(&q->lock);
	while (q->count == q->capacity && !q->closed)
		pthread_cond_wait(&q->not_full, &q->lock);
	int error = q->closed ? EPIPE : 0;
	if (!error) {
		put(q, item);
		pthread_cond_signal(&q->not_empty);
	}
	pthread_mutex_unlock(&q->lock);
	return error;
}

int bq_pop_until(struct bq *q, void **item, uint64_t deadline_us)
{
	int error = 0;

	pthread_mutex_lock(&q->lock);
	while (q->count == 0 && !q->closed && !error)
		error = sleep_until(q, &q->not_empty, deadline_us);
	if (!error && q->count > 0) {
		*item = take(q);
		pthread_cond_signal(&q->not_full);
	} else if (q->count == 0 && q->closed) {
		error = EPIPE;
	}
	pthread_mutex_unlock(&q->lock);
	return error;
}

int bq_pop(struct bq *q, void **item)
{
	return bq_pop_until(q, item, UINT64_MAX);
}
