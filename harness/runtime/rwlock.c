/* Read-write locks.
 *
 * Source: POSIX.1-2017. Readers do not order each other: a reader takes what the last writer
 * published, a writer what all have. Neither side is preferred: a waiting writer does not stop
 * readers (glibc's default). */
#include <errno.h>
#include <pthread.h>

#include "runtime/events.h"
#include "runtime/finding.h"
#include "runtime/object.h"
#include "runtime/scheduler.h"
#include "runtime/virtual.h"

static struct object *rwlock_at(pthread_rwlock_t *l, uint32_t pc)
{
	return object_at(l, EXPLORE_RWLOCK, pc);
}

int rt_pthread_rwlock_init(pthread_rwlock_t *l, const pthread_rwlockattr_t *attr);
int rt_pthread_rwlock_init(pthread_rwlock_t *l, const pthread_rwlockattr_t *attr)
{
	int err = pthread_rwlock_init(l, attr);

	if (self && !err)
		(void)object_init(l, EXPLORE_RWLOCK, PC());
	return err;
}

int rt_pthread_rwlock_destroy(pthread_rwlock_t *l);
int rt_pthread_rwlock_destroy(pthread_rwlock_t *l)
{
	if (!self)
		return 0;
	struct object *o = rwlock_at(l, PC());
	if (o->owner != EXPLORE_NOBODY || o->readers)
		finding_on(EXPLORE_MISUSE, EXPLORE_DESTROY_HELD, o, PC());
	if (o->contenders | o->readers_waiting)
		finding_on(EXPLORE_MISUSE, EXPLORE_DESTROY_WAITED, o, PC());
	object_destroy(o, PC());
	return 0;
}

static void read_take(struct object *o, uint32_t pc)
{
	o->readers |= thread_bit(self);
	o->count++;
	clock_join(&self->clock, &o->clock);
	held_add(o, pc);
	contenders_stop(o->contenders);
}

static void write_take(struct object *o, uint32_t pc)
{
	o->owner = self->id;
	clock_join(&self->clock, &o->clock);
	clock_join(&self->clock, &o->readers_clock);
	held_add(o, pc);
	contenders_stop(o->contenders);
	contenders_stop(o->readers_waiting);
}

static bool is_free(const struct object *o)
{
	return o->owner == EXPLORE_NOBODY && o->count == 0;
}

static int read_lock(pthread_rwlock_t *l, uint64_t deadline, uint32_t pc)
{
	struct object *o = rwlock_at(l, pc);

	if (o->owner == self->id)
		return EDEADLK;
	if (!point_contend(EXPLORE_STEP_READ_LOCK, o, &o->readers_waiting,
			   o->owner == EXPLORE_NOBODY, deadline, pc))
		return ETIMEDOUT;
	object_still(o, l, pc);
	read_take(o, pc);
	return 0;
}

static int write_lock(pthread_rwlock_t *l, uint64_t deadline, uint32_t pc)
{
	struct object *o = rwlock_at(l, pc);

	if (o->owner == self->id)
		return EDEADLK;
	if (!point_contend(EXPLORE_STEP_WRITE_LOCK, o, &o->contenders, is_free(o), deadline, pc))
		return ETIMEDOUT;
	object_still(o, l, pc);
	write_take(o, pc);
	return 0;
}

int rt_pthread_rwlock_rdlock(pthread_rwlock_t *l);
int rt_pthread_rwlock_rdlock(pthread_rwlock_t *l)
{
	return self ? read_lock(l, NO_DEADLINE, PC()) : 0;
}

int rt_pthread_rwlock_wrlock(pthread_rwlock_t *l);
int rt_pthread_rwlock_wrlock(pthread_rwlock_t *l)
{
	return self ? write_lock(l, NO_DEADLINE, PC()) : 0;
}

int rt_pthread_rwlock_timedrdlock(pthread_rwlock_t *l, const struct timespec *deadline);
int rt_pthread_rwlock_timedrdlock(pthread_rwlock_t *l, const struct timespec *deadline)
{
	uint64_t until;

	if (!deadline_ns(CLOCK_REALTIME, deadline, &until))
		return EINVAL;
	return self ? read_lock(l, until, PC()) : 0;
}

int rt_pthread_rwlock_timedwrlock(pthread_rwlock_t *l, const struct timespec *deadline);
int rt_pthread_rwlock_timedwrlock(pthread_rwlock_t *l, const struct timespec *deadline)
{
	uint64_t until;

	if (!deadline_ns(CLOCK_REALTIME, deadline, &until))
		return EINVAL;
	return self ? write_lock(l, until, PC()) : 0;
}

int rt_pthread_rwlock_clockrdlock(pthread_rwlock_t *l, clockid_t clock,
				  const struct timespec *deadline);
int rt_pthread_rwlock_clockrdlock(pthread_rwlock_t *l, clockid_t clock,
				  const struct timespec *deadline)
{
	uint64_t until;

	if (!deadline_ns(clock, deadline, &until))
		return EINVAL;
	return self ? read_lock(l, until, PC()) : 0;
}

int rt_pthread_rwlock_clockwrlock(pthread_rwlock_t *l, clockid_t clock,
				  const struct timespec *deadline);
int rt_pthread_rwlock_clockwrlock(pthread_rwlock_t *l, clockid_t clock,
				  const struct timespec *deadline)
{
	uint64_t until;

	if (!deadline_ns(clock, deadline, &until))
		return EINVAL;
	return self ? write_lock(l, until, PC()) : 0;
}

int rt_pthread_rwlock_tryrdlock(pthread_rwlock_t *l);
int rt_pthread_rwlock_tryrdlock(pthread_rwlock_t *l)
{
	uint32_t pc = PC();

	if (!self)
		return 0;
	struct object *o = rwlock_at(l, pc);
	point(EXPLORE_STEP_TRYLOCK, o->number, pc);
	object_still(o, l, pc);
	if (o->owner != EXPLORE_NOBODY)
		return EBUSY;
	read_take(o, pc);
	return 0;
}

int rt_pthread_rwlock_trywrlock(pthread_rwlock_t *l);
int rt_pthread_rwlock_trywrlock(pthread_rwlock_t *l)
{
	uint32_t pc = PC();

	if (!self)
		return 0;
	struct object *o = rwlock_at(l, pc);
	point(EXPLORE_STEP_TRYLOCK, o->number, pc);
	object_still(o, l, pc);
	if (!is_free(o))
		return EBUSY;
	write_take(o, pc);
	return 0;
}

int rt_pthread_rwlock_unlock(pthread_rwlock_t *l);
int rt_pthread_rwlock_unlock(pthread_rwlock_t *l)
{
	uint32_t pc = PC();

	if (!self)
		return 0;
	struct object *o = rwlock_at(l, pc);
	if (o->owner != self->id && !held_is(o))
		finding_on(EXPLORE_MISUSE,
			   is_free(o) ? EXPLORE_UNLOCK_FREE : EXPLORE_UNLOCK_STRANGER, o, pc);
	event_step(EXPLORE_STEP_UNLOCK, o->number, pc, o->count);
	held_remove(o);
	if (o->owner == self->id) {
		o->owner = EXPLORE_NOBODY;
		clock_release(&o->clock, self);
		contenders_go(o->readers_waiting);
	} else {
		o->count--;
		if (!held_is(o))
			o->readers &= ~thread_bit(self);
		clock_release(&o->readers_clock, self);
	}
	if (is_free(o))
		contenders_go(o->contenders);
	return 0;
}
