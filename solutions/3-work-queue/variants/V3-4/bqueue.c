/* bqueue.c - the monitor once more, with a lock and conditions made from cl_futex: no pthread
 * object at all. */
#include "3-work-queue/bqueue.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "common/clab.h"

/* The kernel knows no _Atomic; the object is the same. */
static uint32_t *word(_Atomic uint32_t *w)
{
	return (uint32_t *)(uintptr_t)w;
}

/* A lock: 0 free, 1 held, 2 held and somebody may sleep. Source: the second mutex of Drepper,
 * "Futexes are tricky" (2011). */
struct lock {
	_Atomic uint32_t state;
};

static void lock_take(struct lock *l)
{
	uint32_t seen = 0;

	if (atomic_compare_exchange_strong(&l->state, &seen, 1))
		return;
	while (atomic_exchange(&l->state, 2) != 0)
		(void)cl_futex_wait(word(&l->state), 2, UINT64_MAX);
}

static void lock_give(struct lock *l)
{
	if (atomic_exchange(&l->state, 0) == 2)
		(void)cl_futex_wake(word(&l->state), 1);
}

/* A condition of a monitor. A signal changes turn, so that a thread between giving the lock back
 * and going to sleep does not sleep. Who waits and who has been told is counted under the lock: a
 * signal enters the kernel only if somebody waits whom no signal is on its way to. */
struct condition {
	_Atomic uint32_t turn;
	uint32_t waiting, told; /* told <= waiting; guarded by the lock */
};

/* 0 or ETIMEDOUT; may return for no reason. */
static int condition_wait(struct condition *c, struct lock *l, uint64_t deadline_us)
{
	uint32_t turn = atomic_load(&c->turn);

	c->waiting++;
	lock_give(l);
	int error = cl_futex_wait(word(&c->turn), turn, deadline_us);
	lock_take(l);
	c->waiting--;
	if (c->told > 0)
		c->told--;
	return error == ETIMEDOUT ? ETIMEDOUT : 0;
}

static void condition_signal(struct condition *c)
{
	if (c->told == c->waiting)
		return;
	c->told++;
	atomic_fetch_add(&c->turn, 1);
	(void)cl_futex_wake(word(&c->turn), 1);
}

static void condition_broadcast(struct condition *c)
{
	if (c->told == c->waiting)
		return;
	c->told = c->waiting;
	atomic_fetch_add(&c->turn, 1);
	(void)cl_futex_wake(word(&c->turn), INT_MAX);
}

struct bq {
	struct lock lock; /* guards every field below */
	struct condition not_empty, not_full;
	size_t first, end; /* positions that only grow: items are first .. end - 1 */
	size_t capacity;
	bool closed;
	void *slot[];
};

int bq_create(struct bq **out, size_t capacity)
{
	if (capacity == 0 || capacity > (SIZE_MAX - sizeof(struct bq)) / sizeof(void *))
		return EINVAL;
	struct bq *q = malloc(sizeof(*q) + capacity * sizeof(void *));
	if (!q)
		return ENOMEM;
	*q = (struct bq){ .capacity = capacity };
	*out = q;
	return 0;
}

void bq_destroy(struct bq *q)
{
	free(q);
}

static bool is_empty(const struct bq *q)
{
	return q->end == q->first;
}

static bool is_full(const struct bq *q)
{
	return q->end - q->first == q->capacity;
}

static void put(struct bq *q, void *item)
{
	q->slot[q->end++ % q->capacity] = item;
	condition_signal(&q->not_empty);
}

/* Positions start again at the beginning when both are behind the ring's end. */
static void *take(struct bq *q)
{
	void *item = q->slot[q->first++ % q->capacity];

	if (q->first == q->capacity) {
		q->first -= q->capacity;
		q->end -= q->capacity;
	}
	condition_signal(&q->not_full);
	return item;
}

static int wait_while(struct bq *q, bool (*predicate)(const struct bq *), struct condition *c,
		      uint64_t deadline_us)
{
	int late = 0;

	while (predicate(q) && !q->closed && !late)
		late = condition_wait(c, &q->lock, deadline_us);
	return predicate(q) && !q->closed ? late : 0;
}

int bq_push_until(struct bq *q, void *item, uint64_t deadline_us)
{
	lock_take(&q->lock);
	int error = wait_while(q, is_full, &q->not_full, deadline_us);
	if (q->closed)
		error = EPIPE;
	else if (!error)
		put(q, item);
	lock_give(&q->lock);
	return error;
}

/* Takes 1..max items. */
static int pop(struct bq *q, void **items, size_t max, size_t *n, uint64_t deadline_us)
{
	lock_take(&q->lock);
	int error = wait_while(q, is_empty, &q->not_empty, deadline_us);
	for (*n = 0; *n < max && !is_empty(q); ++*n)
		items[*n] = take(q);
	if (*n == 0 && q->closed)
		error = EPIPE;
	lock_give(&q->lock);
	return error;
}

int bq_pop_until(struct bq *q, void **item, uint64_t deadline_us)
{
	size_t n;

	return pop(q, item, 1, &n, deadline_us);
}

int bq_push(struct bq *q, void *item)
{
	return bq_push_until(q, item, UINT64_MAX);
}

int bq_pop(struct bq *q, void **item)
{
	return bq_pop_until(q, item, UINT64_MAX);
}

int bq_pop_many(struct bq *q, void **items, size_t max, size_t *n)
{
	return pop(q, items, max, n, UINT64_MAX);
}

int bq_try_push(struct bq *q, void *item)
{
	int error = 0;

	lock_take(&q->lock);
	if (q->closed)
		error = EPIPE;
	else if (is_full(q))
		error = EAGAIN;
	else
		put(q, item);
	lock_give(&q->lock);
	return error;
}

int bq_try_pop(struct bq *q, void **item)
{
	int error = 0;

	lock_take(&q->lock);
	if (!is_empty(q))
		*item = take(q);
	else
		error = q->closed ? EPIPE : EAGAIN;
	lock_give(&q->lock);
	return error;
}

void bq_close(struct bq *q)
{
	lock_take(&q->lock);
	q->closed = true;
	condition_broadcast(&q->not_empty);
	condition_broadcast(&q->not_full);
	lock_give(&q->lock);
}

size_t bq_size(struct bq *q)
{
	lock_take(&q->lock);
	size_t size = q->end - q->first;
	lock_give(&q->lock);
	return size;
}
