/* Lab 3 under stress, natively, for a second opinion: the same parts as the explored tests, with
 * real threads. An item points to a cell that its producer has written and its consumer reads, so a
 * detector sees, too, whether the queue orders the two. Bounded by the number of operations. */
#include "stress/stress.h"

#include <stddef.h>
#include <stdint.h>

#include "3-work-queue/bqueue.h"
#include "common/clab.h"

enum {
	PRODUCERS = 2,
	CONSUMERS = 2,
	SIZERS = 2,  /* ask for the size */
	ITEMS = 120, /* of each producer, and for each consumer */
	CAPACITY = 2,
	ROUNDS = 40,
	WAIT_US = 200,
};

static struct bq *queue;
static struct csem *semaphore;
static int cells[PRODUCERS][ITEMS];
static int sums[STRESS_THREADS_MAX]; /* each thread's own */

/* Reads what an item points to; whatever is no cell was made up by the queue and is left alone. */
static void use(unsigned number, const void *item)
{
	const uintptr_t first = (uintptr_t)cells, at = (uintptr_t)item;
	if (at >= first && at < first + sizeof cells && (at - first) % sizeof(int) == 0)
		sums[number] += *(const int *)item;
}

static int *cell_of(unsigned producer, int i)
{
	cells[producer][i] = i;
	return &cells[producer][i];
}

static bool make_queue(void)
{
	queue = NULL;
	return bq_create(&queue, CAPACITY) == 0 && queue != NULL;
}

static void end_queue(void)
{
	bq_close(queue);
	bq_destroy(queue);
}

static void push_and_pop(void *context, unsigned number)
{
	(void)context;
	for (int i = 0; i < ITEMS; i++) {
		void *item = NULL;
		if (number < PRODUCERS)
			(void)bq_push(queue, cell_of(number, i));
		else if (number < PRODUCERS + CONSUMERS && bq_pop(queue, &item) == 0)
			use(number, item);
		else if (number >= PRODUCERS + CONSUMERS)
			(void)bq_size(queue);
	}
}

static bool stress_queue(void)
{
	if (!make_queue())
		return false;
	stress_together(PRODUCERS + CONSUMERS + SIZERS, push_and_pop, NULL);
	end_queue();
	return true;
}

/* Everybody meets a close: the last thread calls it after some rounds. */
static void until_closed(void *context, unsigned number)
{
	(void)context;
	int error = 0;
	for (int i = 0; i < ITEMS && error == 0; i++) {
		void *item = NULL;
		if (number < PRODUCERS)
			error = bq_push(queue, cell_of(number, i));
		else if (number < PRODUCERS + CONSUMERS)
			error = bq_pop(queue, &item);
		if (error == 0 && item != NULL)
			use(number, item);
	}
	if (number == PRODUCERS + CONSUMERS)
		bq_close(queue);
}

static bool stress_close(void)
{
	for (int round = 0; round < ROUNDS / 4; round++) {
		if (!make_queue())
			return false;
		stress_together(PRODUCERS + CONSUMERS + 1, until_closed, NULL);
		end_queue();
	}
	return true;
}

static void with_deadlines(void *context, unsigned number)
{
	(void)context;
	for (int i = 0; i < ROUNDS; i++) {
		void *item = NULL;
		const uint64_t deadline_us = cl_now_us() + WAIT_US;
		if (number < PRODUCERS)
			(void)bq_push_until(queue, cell_of(number, i), deadline_us);
		else if (bq_pop_until(queue, &item, deadline_us) == 0)
			use(number, item);
	}
}

static bool stress_deadlines(void)
{
	if (!make_queue())
		return false;
	stress_together(PRODUCERS + CONSUMERS, with_deadlines, NULL);
	end_queue();
	return true;
}

/* The consumers take several at once, until the queue is closed and empty. */
static void pop_many(void *context, unsigned number)
{
	(void)context;
	for (int i = 0; number < PRODUCERS && i < ITEMS; i++)
		(void)bq_push(queue, cell_of(number, i));
	for (int i = 0; number >= PRODUCERS && i < PRODUCERS * ITEMS; i++) {
		void *items[2] = { NULL, NULL };
		size_t n = 0;
		if (bq_pop_many(queue, items, 2, &n) != 0)
			return;
		for (size_t k = 0; k < n && k < 2; k++)
			use(number, items[k]);
	}
}

static void producers_then_close(void *context, unsigned number)
{
	(void)context;
	if (number == 0) {
		stress_together(PRODUCERS, pop_many, NULL);
		bq_close(queue);
		return;
	}
	pop_many(NULL, PRODUCERS + number);
}

static bool stress_many(void)
{
	if (!make_queue())
		return false;
	stress_together(1 + CONSUMERS, producers_then_close, NULL);
	end_queue();
	return true;
}

/* A semaphore of one is a lock: the counter that it guards is plain. */
static void lock_and_count(void *context, unsigned number)
{
	int *counter = context;
	for (int i = 0; i < ITEMS; i++) {
		if (number > 0 || csem_try_wait(semaphore) != 0)
			csem_wait(semaphore);
		++*counter;
		(void)csem_post(semaphore);
	}
}

static bool stress_semaphore(void)
{
	int counter = 0;
	semaphore = NULL;
	if (csem_create(&semaphore, 1, 1) != 0 || semaphore == NULL)
		return false;
	stress_together(4, lock_and_count, &counter);
	csem_destroy(semaphore);
	return true;
}

const struct stress stresses[] = {
	{ "B0", stress_semaphore }, { "B", stress_queue }, { "C", stress_close },
	{ "D", stress_deadlines },  { "E", stress_many },  { 0 },
};
