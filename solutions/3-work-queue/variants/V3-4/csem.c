/* csem.c - the semaphore with a lock and a condition made from cl_futex. */
#include "3-work-queue/bqueue.h"

#include <errno.h>
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

struct csem {
	struct lock lock; /* guards available and value */
	struct condition available;
	unsigned value, max;
};

int csem_create(struct csem **out, unsigned initial, unsigned max)
{
	if (max == 0 || initial > max)
		return EINVAL;
	struct csem *s = calloc(1, sizeof(*s));
	if (!s)
		return ENOMEM;
	s->value = initial;
	s->max = max;
	*out = s;
	return 0;
}

void csem_destroy(struct csem *s)
{
	free(s);
}

void csem_wait(struct csem *s)
{
	lock_take(&s->lock);
	while (s->value == 0)
		(void)condition_wait(&s->available, &s->lock, UINT64_MAX);
	s->value--;
	lock_give(&s->lock);
}

int csem_try_wait(struct csem *s)
{
	lock_take(&s->lock);
	bool taken = s->value > 0;
	s->value -= taken;
	lock_give(&s->lock);
	return taken ? 0 : EAGAIN;
}

int csem_post(struct csem *s)
{
	lock_take(&s->lock);
	bool room = s->value < s->max;
	s->value += room;
	if (room)
		condition_signal(&s->available);
	lock_give(&s->lock);
	return room ? 0 : EOVERFLOW;
}
