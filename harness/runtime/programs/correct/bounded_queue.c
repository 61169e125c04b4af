/* A bounded queue with two conditions and close: also the measure of speed, for so many THREADS and
 * OPERATIONS (one half puts, the other gets). */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#ifndef THREADS
#define THREADS    3
#define OPERATIONS 12
#endif
#define PRODUCERS (THREADS / 2)
#define CONSUMERS (THREADS - PRODUCERS)
#define ITEMS     (OPERATIONS / 2)
struct queue {
	int *slots;
	int capacity, first, count, closed;
	pthread_mutex_t lock;
	pthread_cond_t not_empty, not_full;
};
static struct queue *queue;
static long sums[CONSUMERS];

static struct queue *queue_create(int capacity)
{
	struct queue *q = calloc(1, sizeof(*q));

	q->slots = calloc((size_t)capacity, sizeof(int));
	q->capacity = capacity;
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->not_empty, NULL);
	pthread_cond_init(&q->not_full, NULL);
	return q;
}

static void queue_destroy(struct queue *q)
{
	pthread_cond_destroy(&q->not_full);
	pthread_cond_destroy(&q->not_empty);
	pthread_mutex_destroy(&q->lock);
	free(q->slots);
	free(q);
}

static int queue_put(struct queue *q, int value)
{
	pthread_mutex_lock(&q->lock);
	while (q->count == q->capacity && !q->closed)
		pthread_cond_wait(&q->not_full, &q->lock);
	int open = !q->closed;
	if (open) {
		q->slots[(q->first + q->count) % q->capacity] = value;
		q->count++;
		pthread_cond_signal(&q->not_empty);
	}
	pthread_mutex_unlock(&q->lock);
	return open;
}

static int queue_get(struct queue *q, int *value)
{
	pthread_mutex_lock(&q->lock);
	while (q->count == 0 && !q->closed)
		pthread_cond_wait(&q->not_empty, &q->lock);
	int some = q->count > 0;
	if (some) {
		*value = q->slots[q->first];
		q->first = (q->first + 1) % q->capacity;
		q->count--;
		pthread_cond_signal(&q->not_full);
	}
	pthread_mutex_unlock(&q->lock);
	return some;
}

static void queue_close(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = 1;
	pthread_cond_broadcast(&q->not_empty);
	pthread_cond_broadcast(&q->not_full);
	pthread_mutex_unlock(&q->lock);
}

static void *producer(void *arg)
{
	for (int i = 1 + (int)(long)arg; i <= ITEMS; i += PRODUCERS)
		queue_put(queue, i);
	return arg;
}

static void *consumer(void *arg)
{
	int value;

	while (queue_get(queue, &value))
		*(long *)arg += value;
	return arg;
}

int main(void)
{
	pthread_t p[PRODUCERS], c[CONSUMERS];
	long sum = 0;

	queue = queue_create(4);
	for (long i = 0; i < PRODUCERS; i++)
		pthread_create(&p[i], NULL, producer, (void *)i);
	for (int i = 0; i < CONSUMERS; i++)
		pthread_create(&c[i], NULL, consumer, &sums[i]);
	for (int i = 0; i < PRODUCERS; i++)
		pthread_join(p[i], NULL);
	queue_close(queue);
	for (int i = 0; i < CONSUMERS; i++)
		pthread_join(c[i], NULL);
	for (int i = 0; i < CONSUMERS; i++)
		sum += sums[i];
	assert(sum == (long)ITEMS * (ITEMS + 1) / 2);
	queue_destroy(queue);
	return 0;
}
