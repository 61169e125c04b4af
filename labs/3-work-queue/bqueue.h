/* 3-work-queue/bqueue.h - bounded FIFO queue, multi-producer multi-consumer. Students edit:
 *   bqueue.c  csem.c  schedules/bug1.sched .. bug6.sched  (and answers.conf)
 * Source: monitors (Hoare 1974); linearizability (Herlihy, Wing 1990); deadlines as in
 * pthread_cond_timedwait(3), always CLOCK_MONOTONIC.
 */
#ifndef BQUEUE_H
#define BQUEUE_H
#include <stddef.h>
#include <stdint.h>

struct bq;

/* Every operation below is linearizable: it takes effect at one instant between call and
 * return, and all instants together form a legal history of a FIFO queue of `capacity`
 * slots. An item is an opaque pointer: NULL is a legal item; the queue never looks at what
 * it points to, but whatever the producer wrote before bq_push() is visible to the consumer
 * after bq_pop() (release/acquire). All functions but create/destroy are [MT-Safe].
 * A wait sleeps; a few microseconds of spinning before it are allowed. Cancelling a thread
 * inside a call is not supported. After an error *item and *n have no meaning.
 * All statuses are 0 or a positive errno; the queue is returned by bq_create, items are borrowed.
 */

/* capacity >= 1. EINVAL (0, or capacity * sizeof(void *) overflows), ENOMEM. */
int bq_create(struct bq **out, size_t capacity);

/* Precondition: closed, and no other call is under way or will follow. Items left in the
 * queue are not touched (they are the caller's). q NULL: does nothing. */
void bq_destroy(struct bq *q);

int bq_push(struct bq *q, void *item);     /* waits while full; 0, EPIPE once closed         */
int bq_pop(struct bq *q, void **item);     /* waits while empty; 0, EPIPE closed AND empty   */
int bq_try_push(struct bq *q, void *item); /* never waits for space: 0, EAGAIN full, EPIPE   */
int bq_try_pop(struct bq *q, void **item); /* never waits for items: 0, EAGAIN empty, EPIPE
					      closed AND empty                               */

/* As push/pop, but give up with ETIMEDOUT at the absolute CLOCK_MONOTONIC time deadline_us (that
 * of cl_now_us(); UINT64_MAX = never). A deadline in the past still succeeds if no waiting is
 * needed; EPIPE goes before ETIMEDOUT. Look once more before giving up: a wake-up may come
 * together with the time-out, and must not be lost to others. */
int bq_push_until(struct bq *q, void *item, uint64_t deadline_us);
int bq_pop_until(struct bq *q, void **item, uint64_t deadline_us);

/* Waits for at least one item, then takes up to max (>= 1) consecutive items at one instant; how
 * many beyond the first is up to the implementation. 0 with 1 <= *n <= max, or EPIPE. */
int bq_pop_many(struct bq *q, void **items, size_t max, size_t *n);

/* Closes: later pushes and pushes now waiting return EPIPE without inserting; pops go on
 * until the queue is empty. Idempotent. */
void bq_close(struct bq *q);

/* A value the size had at some instant during the call. */
size_t bq_size(struct bq *q);

/* part B0: csem.c, a counting semaphore made of one mutex and one condition variable */
struct csem;

/* EINVAL when initial > max or max == 0, ENOMEM. */
int csem_create(struct csem **out, unsigned initial, unsigned max);
void csem_destroy(struct csem *s); /* nobody waits; NULL: does nothing               */

void csem_wait(struct csem *s);    /* P: waits while 0                               */
int csem_try_wait(struct csem *s); /* 0, or EAGAIN at 0                              */
int csem_post(struct csem *s);     /* V: 0; EOVERFLOW at max, then nothing changes   */
#endif
