/* bqueue.c - parts A to E: the bounded queue. What each function owes is said in bqueue.h.
 *
 * Write the invariants first: sentences about the fields that are true whenever nobody holds the
 * lock. Each function may rely on them when it has taken the lock, and has to make them true again
 * before it gives the lock back; waiting on a condition variable gives it back, too. */
#include "3-work-queue/bqueue.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>

#include "common/clab.h"

/* Complete these sentences (TODO(step 1), TODO(step 3), TODO(step 4)):
 *
 *	I1	0 <= count <= ...
 *	I2	the items, oldest first, stand in slot[(head + i) % ...] for i = 0 .. ...
 *	I3	if a thread sleeps because the queue is empty, then count is ...; and whoever makes
 *		that sentence false has to ...
 *	I4	the same for a thread that sleeps because the queue is full
 *	I5	once closed is true, ... never changes again, and nobody sleeps for ...
 */
struct bq {
	size_t capacity; /* slots; never changes */
	size_t head;     /* where the oldest item stands */
	size_t count;    /* items in the queue */
	/* TODO(step 3): which of these fields are shared? What guards them? Who waits for what? */
	void *slot[];
};

int bq_create(struct bq **out, size_t capacity)
{
	/* TODO(step 1): check capacity (what may overflow?), allocate, set up. What of all this can
	 * fail, and what has to be undone then? */
	(void)out;
	(void)capacity;
	return ENOSYS;
}

void bq_destroy(struct bq *q)
{
	/* TODO(step 1): give back what bq_create took, and nothing that is not yours. */
	(void)q;
}

int bq_push(struct bq *q, void *item)
{
	/* TODO(step 1): put it behind the youngest item.
	 * TODO(step 3): wait while the queue is full; then: who may be waiting for this item? */
	(void)q;
	(void)item;
	return ENOSYS;
}

int bq_pop(struct bq *q, void **item)
{
	/* TODO(step 1): take the oldest item.
	 * TODO(step 3): wait while the queue is empty. You were woken: what do you know now?
	 * TODO(step 4): and if it is closed? */
	(void)q;
	(void)item;
	return ENOSYS;
}

int bq_try_push(struct bq *q, void *item)
{
	/* TODO(step 1) */
	(void)q;
	(void)item;
	return ENOSYS;
}

int bq_try_pop(struct bq *q, void **item)
{
	/* TODO(step 1) */
	(void)q;
	(void)item;
	return ENOSYS;
}

int bq_push_until(struct bq *q, void *item, uint64_t deadline_us)
{
	/* TODO(step 5): which clock does your condition variable wait by? */
	(void)q;
	(void)item;
	(void)deadline_us;
	return ENOSYS;
}

int bq_pop_until(struct bq *q, void **item, uint64_t deadline_us)
{
	/* TODO(step 5): the time is over, and an item is there. What do you return? */
	(void)q;
	(void)item;
	(void)deadline_us;
	return ENOSYS;
}

int bq_pop_many(struct bq *q, void **items, size_t max, size_t *n) /* NOLINT: *n is to be written */
{
	/* TODO(step 6): so many slots are free at once; how many threads may go on? */
	(void)q;
	(void)items;
	(void)max;
	(void)n;
	return ENOSYS;
}

void bq_close(struct bq *q)
{
	/* TODO(step 4): who may be asleep now, and on what? */
	(void)q;
}

size_t bq_size(struct bq *q)
{
	/* TODO(step 1): is reading one number safe without a lock? */
	(void)q;
	return 0;
}
