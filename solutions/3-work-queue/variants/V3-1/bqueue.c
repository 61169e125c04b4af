/* bqueue.c - a ring without locks; threads sleep on a futex word.
 *
 * head and tail only grow; slot p % capacity belongs to position p. A push reserves its position by
 * moving tail, fills the slot, then marks it full; a pop moves head over slots that are marked
 *full, takes the items, then marks them free for the next round. So
 *	- a push takes effect when it moves tail, a pop when it moves head: head <= tail <= head +
 *	  capacity at all times;
 *	- `closed` is a bit of tail: no push can move a tail that was closed;
 *	- empty is head == tail. A slot that is reserved and not filled yet is not "empty": whoever
 *	  meets one waits for its neighbour, a few instructions away, instead of answering EAGAIN.
 *
 * Source: bounded queue with a sequence number per slot (Vyukov); rounds counted in twos, so that a
 * capacity of 1 works, as in the queue of Rigtorp. */
#include "3-work-queue/bqueue.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "common/clab.h"

#define LINE_BYTES 64

/* Threads that sleep until the queue changes in their favour.
 *
 * asleep is 1 if somebody may sleep on it; whoever wakes sets it to 0, so there is one wake for one
 * sleep. A thread that was woken sets it again before it looks at the queue, and when it leaves
 * with success it wakes the next one if there is reason to: so no change is lost on those who slept
 * while the word was 0. All accesses are seq_cst: a change of the queue and a look at `waiting`
 * must not pass each other. */
struct event {
	_Alignas(LINE_BYTES) _Atomic uint32_t asleep;
	_Atomic uint32_t waiting; /* threads inside event_wait's loops */
};

/* The kernel knows no _Atomic; the object is the same. */
static uint32_t *word(_Atomic uint32_t *w)
{
	return (uint32_t *)(uintptr_t)w;
}

struct slot {
	_Atomic uint64_t turn; /* 2 * round: free; 2 * round + 1: holds an item. Release by whoever
				  changes it, pairs with the acquire of the next one */
	void *item;            /* owned by whom turn names */
};

/* tail: position in the upper bits, closed in the lowest. */
#define TAIL_CLOSED   1u
#define TAIL_POSITION 2u

struct bq {
	_Alignas(LINE_BYTES) _Atomic uint64_t head;
	_Alignas(LINE_BYTES) _Atomic uint64_t tail;
	struct event not_empty, not_full;
	_Alignas(LINE_BYTES) uint64_t capacity; /* never changes */
	struct slot slot[];
};

int bq_create(struct bq **out, size_t capacity)
{
	size_t bytes;

	if (capacity == 0 || __builtin_mul_overflow(capacity, sizeof(struct slot), &bytes) ||
	    __builtin_add_overflow(bytes, sizeof(struct bq) + LINE_BYTES, &bytes))
		return EINVAL;
	struct bq *q = aligned_alloc(LINE_BYTES, bytes / LINE_BYTES * LINE_BYTES);
	if (!q)
		return ENOMEM;
	atomic_init(&q->head, 0);
	atomic_init(&q->tail, 0);
	atomic_init(&q->not_empty.asleep, 0);
	atomic_init(&q->not_empty.waiting, 0);
	atomic_init(&q->not_full.asleep, 0);
	atomic_init(&q->not_full.waiting, 0);
	q->capacity = capacity;
	for (size_t i = 0; i < capacity; i++)
		atomic_init(&q->slot[i].turn, 0);
	*out = q;
	return 0;
}

void bq_destroy(struct bq *q)
{
	free(q);
}

static struct slot *slot_at(struct bq *q, uint64_t position)
{
	return &q->slot[position % q->capacity];
}

static uint64_t free_turn(const struct bq *q, uint64_t position)
{
	return 2 * (position / q->capacity);
}

/* A neighbour is between two instructions; if it lost its processor, give it ours. */
static void wait_for_neighbour(void)
{
	(void)sched_yield();
}

/* One wake if somebody may sleep. */
static void event_wake(struct event *e)
{
	if (atomic_load(&e->waiting) > 0 && atomic_load(&e->asleep) &&
	    atomic_exchange(&e->asleep, 0))
		(void)cl_futex_wake(word(&e->asleep), 1);
}

static void event_wake_all(struct event *e)
{
	if (atomic_load(&e->waiting) == 0)
		return;
	atomic_store(&e->asleep, 0);
	(void)cl_futex_wake(word(&e->asleep), INT_MAX);
}

/* 0, EAGAIN full, EPIPE. */
static int push_once(struct bq *q, void *item)
{
	for (;;) {
		uint64_t tail = atomic_load(&q->tail);
		if (tail & TAIL_CLOSED)
			return EPIPE;
		uint64_t position = tail / TAIL_POSITION;
		struct slot *s = slot_at(q, position);
		if (atomic_load(&s->turn) == free_turn(q, position)) {
			if (!atomic_compare_exchange_weak(&q->tail, &tail, tail + TAIL_POSITION))
				continue;
			s->item = item;
			atomic_store(&s->turn, free_turn(q, position) + 1);
			return 0;
		}
		/* head moved after tail was read: at this moment tail was as read, so it is full */
		if (position - atomic_load(&q->head) == q->capacity)
			return EAGAIN;
		if (atomic_load(&q->tail) == tail)
			wait_for_neighbour(); /* who has taken the item and frees the slot */
	}
}

/* Slots from `head` on that hold items, at most max. */
static size_t count_full(struct bq *q, uint64_t head, size_t max)
{
	size_t n = 0;

	while (n < max && n < q->capacity &&
	       atomic_load(&slot_at(q, head + n)->turn) == free_turn(q, head + n) + 1)
		n++;
	return n;
}

/* Takes 1..max items: 0, EAGAIN empty, EPIPE closed and empty. */
static int pop_once(struct bq *q, void **items, size_t max, size_t *n)
{
	for (;;) {
		uint64_t head = atomic_load(&q->head);
		size_t full = count_full(q, head, max);
		if (full > 0) {
			if (!atomic_compare_exchange_weak(&q->head, &head, head + full))
				continue;
			for (*n = 0; *n < full; ++*n) {
				struct slot *s = slot_at(q, head + *n);
				items[*n] = s->item;
				atomic_store(&s->turn, free_turn(q, head + *n) + 2);
			}
			return 0;
		}
		/* At this moment head was as read, since it is never more than tail: empty. */
		uint64_t tail = atomic_load(&q->tail);
		if (tail / TAIL_POSITION == head)
			return tail & TAIL_CLOSED ? EPIPE : EAGAIN;
		if (atomic_load(&q->head) == head)
			wait_for_neighbour(); /* who has reserved the slot and fills it */
	}
}

static bool has_items(struct bq *q)
{
	uint64_t tail = atomic_load(&q->tail);

	return tail & TAIL_CLOSED || tail / TAIL_POSITION != atomic_load(&q->head);
}

static bool has_room(struct bq *q)
{
	uint64_t head = atomic_load(&q->head), tail = atomic_load(&q->tail);

	return tail & TAIL_CLOSED || tail / TAIL_POSITION - head < q->capacity;
}

/* Makes ready to sleep; the queue is looked at after this and before event_sleep. */
static void event_announce(struct event *e)
{
	atomic_store(&e->asleep, 1);
}

static int event_sleep(struct event *e, uint64_t deadline_us)
{
	return cl_futex_wait(word(&e->asleep), 1, deadline_us) == ETIMEDOUT ? ETIMEDOUT : 0;
}

int bq_push_until(struct bq *q, void *item, uint64_t deadline_us)
{
	int error = push_once(q, item), late = 0;

	if (error == EAGAIN) {
		atomic_fetch_add(&q->not_full.waiting, 1);
		for (;;) {
			event_announce(&q->not_full);
			error = push_once(q, item);
			if (error != EAGAIN || late)
				break;
			late = event_sleep(&q->not_full, deadline_us);
		}
		atomic_fetch_sub(&q->not_full.waiting, 1);
		if (error == EAGAIN)
			return ETIMEDOUT;
		if (has_room(q))
			event_wake(&q->not_full);
	}
	if (!error)
		event_wake(&q->not_empty);
	return error;
}

static int pop_until(struct bq *q, void **items, size_t max, size_t *n, uint64_t deadline_us)
{
	int error = pop_once(q, items, max, n), late = 0;

	if (error == EAGAIN) {
		atomic_fetch_add(&q->not_empty.waiting, 1);
		for (;;) {
			event_announce(&q->not_empty);
			error = pop_once(q, items, max, n);
			if (error != EAGAIN || late)
				break;
			late = event_sleep(&q->not_empty, deadline_us);
		}
		atomic_fetch_sub(&q->not_empty.waiting, 1);
		if (error == EAGAIN)
			return ETIMEDOUT;
		if (has_items(q))
			event_wake(&q->not_empty);
	}
	if (!error)
		event_wake(
			&q->not_full); /* the next ones, if there is room, are woken by that one */
	return error;
}

int bq_pop_until(struct bq *q, void **item, uint64_t deadline_us)
{
	size_t n;

	return pop_until(q, item, 1, &n, deadline_us);
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
	return pop_until(q, items, max, n, UINT64_MAX);
}

int bq_try_push(struct bq *q, void *item)
{
	int error = push_once(q, item);

	if (!error)
		event_wake(&q->not_empty);
	return error;
}

int bq_try_pop(struct bq *q, void **item)
{
	size_t n;
	int error = pop_once(q, item, 1, &n);

	if (!error)
		event_wake(&q->not_full);
	return error;
}

void bq_close(struct bq *q)
{
	atomic_fetch_or(&q->tail, TAIL_CLOSED);
	event_wake_all(&q->not_empty);
	event_wake_all(&q->not_full);
}

size_t bq_size(struct bq *q)
{
	for (;;) {
		uint64_t head = atomic_load(&q->head), tail = atomic_load(&q->tail);
		if (atomic_load(&q->head) == head) /* so it was when tail was read */
			return (size_t)(tail / TAIL_POSITION - head);
	}
}
