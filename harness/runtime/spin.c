/* Spin locks: to the scheduler they are mutexes that know one kind.
 *
 * Source: POSIX.1-2017, pthread_spin_lock. */
#include <errno.h>
#include <pthread.h>

#include "runtime/finding.h"
#include "runtime/object.h"
#include "runtime/scheduler.h"

int rt_pthread_spin_init(pthread_spinlock_t *l, int shared);
int rt_pthread_spin_init(pthread_spinlock_t *l, int shared)
{
	(void)pthread_spin_init(l, shared);
	if (self)
		(void)object_init((const void *)(uintptr_t)l, EXPLORE_SPIN, PC());
	return 0;
}

static struct object *spin_at(pthread_spinlock_t *l, uint32_t pc)
{
	return object_at((const void *)(uintptr_t)l, EXPLORE_SPIN, pc);
}

static void spin_take(struct object *o, uint32_t pc)
{
	o->owner = self->id;
	clock_join(&self->clock, &o->clock);
	held_add(o, pc);
	contenders_stop(o->contenders);
}

int rt_pthread_spin_destroy(pthread_spinlock_t *l);
int rt_pthread_spin_destroy(pthread_spinlock_t *l)
{
	if (!self)
		return 0;
	struct object *o = spin_at(l, PC());
	if (o->owner != EXPLORE_NOBODY)
		finding_on(EXPLORE_MISUSE, EXPLORE_DESTROY_HELD, o, PC());
	object_destroy(o, PC());
	return 0;
}

int rt_pthread_spin_lock(pthread_spinlock_t *l);
int rt_pthread_spin_lock(pthread_spinlock_t *l)
{
	uint32_t pc = PC();

	if (!self)
		return 0;
	struct object *o = spin_at(l, pc);
	if (o->owner == self->id)
		finding_on(EXPLORE_MISUSE, EXPLORE_RELOCK, o, pc);
	(void)point_contend(EXPLORE_STEP_LOCK, o, &o->contenders, o->owner == EXPLORE_NOBODY,
			    NO_DEADLINE, pc);
	object_still(o, (const void *)(uintptr_t)l, pc);
	spin_take(o, pc);
	return 0;
}

int rt_pthread_spin_trylock(pthread_spinlock_t *l);
int rt_pthread_spin_trylock(pthread_spinlock_t *l)
{
	uint32_t pc = PC();

	if (!self)
		return 0;
	struct object *o = spin_at(l, pc);
	point(EXPLORE_STEP_TRYLOCK, o->number, pc);
	object_still(o, (const void *)(uintptr_t)l, pc);
	if (o->owner != EXPLORE_NOBODY)
		return EBUSY;
	spin_take(o, pc);
	return 0;
}

int rt_pthread_spin_unlock(pthread_spinlock_t *l);
int rt_pthread_spin_unlock(pthread_spinlock_t *l)
{
	uint32_t pc = PC();

	if (!self)
		return 0;
	struct object *o = spin_at(l, pc);
	if (o->owner != self->id)
		finding_on(EXPLORE_MISUSE,
			   o->owner == EXPLORE_NOBODY ? EXPLORE_UNLOCK_FREE
						      : EXPLORE_UNLOCK_STRANGER,
			   o, pc);
	o->owner = EXPLORE_NOBODY;
	clock_release(&o->clock, self);
	held_remove(o);
	contenders_go(o->contenders);
	return 0;
}
