/* Mutexes: normal, recursive, error-checking. Owner and count live in the runtime; libc's object
 * holds only its kind, as its own initialisers wrote it.
 *
 * Source: POSIX.1-2017, pthread_mutex_lock: what is undefined there is a finding here. */
#include "runtime/mutex.h"

#include <errno.h>

#include "runtime/events.h"
#include "runtime/finding.h"
#include "runtime/object.h"
#include "runtime/scheduler.h"
#include "runtime/virtual.h"

#define KIND_MASK    3     /* normal, recursive, error-checking, adaptive                        */
#define KIND_SPECIAL 0xfc  /* robust, priority, shared between processes                         */
#define KIND_ELISION 0x300 /* what C11 names and settype leave behind: no meaning here */

struct object *mutex_at(pthread_mutex_t *m, uint32_t pc)
{
	struct object *o = object_at(m, EXPLORE_MUTEX, pc);
	int kind = m->__data.__kind;

	if (kind & ~(KIND_MASK | KIND_SPECIAL | KIND_ELISION))
		finding_on(EXPLORE_MISUSE, EXPLORE_NOT_INITIALISED, o, pc);
	if (kind & KIND_SPECIAL)
		finding_uncontrolled("a robust, priority or process-shared mutex", pc);
	o->flavour = (uint8_t)(kind & KIND_MASK);
	return o;
}

void mutex_take(struct object *o, uint32_t count, uint32_t pc)
{
	o->owner = self->id;
	o->count = count;
	clock_join(&self->clock, &o->clock);
	held_add(o, pc);
	if (o->contenders)
		contenders_stop(o->contenders);
}

uint32_t mutex_release(struct object *o)
{
	uint32_t count = o->count;

	o->owner = EXPLORE_NOBODY;
	o->count = 0;
	clock_release(&o->clock, self);
	held_remove(o);
	if (o->contenders)
		contenders_go(o->contenders);
	return count;
}

int mutex_lock(pthread_mutex_t *m, uint64_t deadline, uint32_t pc)
{
	struct object *o = mutex_at(m, pc);

	if (o->owner == self->id) {
		if (o->flavour == PTHREAD_MUTEX_RECURSIVE) {
			o->count++;
			return 0;
		}
		if (o->flavour == PTHREAD_MUTEX_ERRORCHECK)
			return EDEADLK;
		finding_on(EXPLORE_MISUSE, EXPLORE_RELOCK, o, pc);
	}
	if (!point_contend(EXPLORE_STEP_LOCK, o, &o->contenders, o->owner == EXPLORE_NOBODY,
			   deadline, pc))
		return ETIMEDOUT;
	object_still(o, m, pc);
	mutex_take(o, 1, pc);
	return 0;
}

int mutex_trylock(pthread_mutex_t *m, uint32_t pc)
{
	struct object *o = mutex_at(m, pc);

	if (o->owner == self->id && o->flavour == PTHREAD_MUTEX_RECURSIVE) {
		o->count++;
		return 0;
	}
	point(EXPLORE_STEP_TRYLOCK, o->number, pc);
	object_still(o, m, pc);
	if (o->owner != EXPLORE_NOBODY)
		return EBUSY;
	mutex_take(o, 1, pc);
	return 0;
}

int mutex_unlock(pthread_mutex_t *m, uint32_t pc)
{
	struct object *o = mutex_at(m, pc);

	if (o->owner != self->id) {
		if (o->flavour == PTHREAD_MUTEX_ERRORCHECK || o->flavour == PTHREAD_MUTEX_RECURSIVE)
			return EPERM;
		finding_on(EXPLORE_MISUSE,
			   o->owner == EXPLORE_NOBODY ? EXPLORE_UNLOCK_FREE
						      : EXPLORE_UNLOCK_STRANGER,
			   o, pc);
	}
	event_step(EXPLORE_STEP_UNLOCK, o->number, pc, o->count - 1);
	if (o->count > 1)
		o->count--;
	else
		(void)mutex_release(o);
	return 0;
}

void mutex_destroy(pthread_mutex_t *m, uint32_t pc)
{
	struct object *o = mutex_at(m, pc);

	if (o->owner != EXPLORE_NOBODY)
		finding_on(EXPLORE_MISUSE, EXPLORE_DESTROY_HELD, o, pc);
	if (o->contenders)
		finding_on(EXPLORE_MISUSE, EXPLORE_DESTROY_WAITED, o, pc);
	object_destroy(o, pc);
}

int rt_pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr)
{
	int err = pthread_mutex_init(m, attr);

	if (self && !err)
		(void)object_init(m, EXPLORE_MUTEX, PC());
	return err;
}

int rt_pthread_mutex_destroy(pthread_mutex_t *m)
{
	if (self)
		mutex_destroy(m, PC());
	return 0;
}

int rt_pthread_mutex_lock(pthread_mutex_t *m)
{
	return self ? mutex_lock(m, NO_DEADLINE, PC()) : 0;
}

int rt_pthread_mutex_trylock(pthread_mutex_t *m)
{
	return self ? mutex_trylock(m, PC()) : 0;
}

int rt_pthread_mutex_timedlock(pthread_mutex_t *m, const struct timespec *deadline)
{
	uint64_t until;

	if (!deadline_ns(CLOCK_REALTIME, deadline, &until))
		return EINVAL;
	return self ? mutex_lock(m, until, PC()) : 0;
}

int rt_pthread_mutex_clocklock(pthread_mutex_t *m, clockid_t clock, const struct timespec *deadline)
{
	uint64_t until;

	if (!deadline_ns(clock, deadline, &until))
		return EINVAL;
	return self ? mutex_lock(m, until, PC()) : 0;
}

int rt_pthread_mutex_unlock(pthread_mutex_t *m)
{
	return self ? mutex_unlock(m, PC()) : 0;
}
