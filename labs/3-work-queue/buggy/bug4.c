/* bug4.c - "if the queue was not empty nobody can be waiting for an item".
 *
 * Scenario: capacity 2. T1: push 1, push 2. T2: pop. T3: pop. When nothing moves any more, T1:
 * close. Make it fail with: expect deadlock */
#include "queue.h"

int bq_push(struct bq *q, void *item)
{
	pthread_mutex_lock(&q->lock);
	while (q->count == q->capacity && !q->closed)
		pthread_cond_wait(&q->not_full, &q->lock);
	int error = q->closed ? EPIPE : 0;
	if (!error) {
		put(q, item);
		if (q->count == 1)
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
	if (q->count > 0) {
		*item = take(q);
		pthread_cond_signal(&q->not_full);
		error = 0;
	} else if (q->closed) {
		error = EPIPE;
	}
	pthread_mutex_unlock(&q->lock);
	return error;
}

int bq_pop(struct bq *q, void **item)
{
	return bq_pop_until(q, item, UINT64_MAX);
}
