/* queue.h - what the six buggy queues share: the monitor's data. */
#ifndef BUGGY_QUEUE_H
#define BUGGY_QUEUE_H
#include "3-work-queue/bqueue.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>

struct bq {
	pthread_mutex_t lock; /* guards all fields below                                     */
	pthread_cond_t not_empty, not_full;
	size_t head, count;
	bool closed;
	size_t capacity;
	void *slot[];
};

/* rest.c; the lock is held. */
void put(struct bq *q, void *item); /* behind the youngest item  */
void *take(struct bq *q);           /* the oldest item           */
/* One wait in a condition, until the deadline: 0 or ETIMEDOUT. */
int sleep_until(struct bq *q, pthread_cond_t *cond, uint64_t deadline_us);
#endif
