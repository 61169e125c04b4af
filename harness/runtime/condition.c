/* Condition variables: whom a signal wakes is chosen, and so are wake-ups without cause.
 *
 * Source: POSIX.1-2017, pthread_cond_wait ("at least one of the threads"; spurious wake-ups). A
 * signal has no happens-before edge of its own: the mutex has. */
#include "runtime/condition.h"

#include <errno.h>

#include "runtime/choose.h"
#include "runtime/events.h"
#include "runtime/finding.h"
#include "runtime/mutex.h"
#include "runtime/object.h"
#include "runtime/scheduler.h"
#include "runtime/virtual.h"

#define SIGNALLED_LATE_RARELY 2u

int condition_wait(pthread_cond_t *c, pthread_mutex_t *m, uint64_t deadline, uint32_t pc)
{
	struct object *o = object_at(c, EXPLORE_CONDITION, pc);
	struct object *mutex = mutex_at(m, pc);

	if (mutex->owner != self->id)
		finding_on(EXPLORE_MISUSE, EXPLORE_WAIT_UNLOCKED, o, pc);
	if (o->waiters && o->partner != mutex->number)
		finding_on(EXPLORE_MISUSE, EXPLORE_TWO_MUTEXES, o, pc);
	o->partner = mutex->number;
	point(EXPLORE_STEP_WAIT, o->number, pc);
	object_still(o, c, pc);
	uint32_t count = mutex_release(mutex);
	enum thread_wake how = sleep_in(&o->waiters, deadline, mutex, true);
	mutex_take(mutex, count, pc);
	const bool late = how == WAKE_SIGNAL && deadline != NO_DEADLINE && rt->timeout_left;
	if (late && events_on())
		event_options(EXPLORE_CHOOSE_TIMEOUT, &self->id, 1);
	if (late && choose(EXPLORE_CHOOSE_TIMEOUT, 2, SIGNALLED_LATE_RARELY)) {
		rt->timeout_left--; /* POSIX leaves open who won: the signal is used up */
		if (rt->clock_ns < deadline)
			rt->clock_ns = deadline; /* so long did it wait for the mutex */
		how = WAKE_TIMEOUT;
	}
	return how == WAKE_TIMEOUT ? ETIMEDOUT : 0;
}

int condition_signal(pthread_cond_t *c, uint32_t pc)
{
	struct object *o = object_at(c, EXPLORE_CONDITION, pc);

	point(EXPLORE_STEP_SIGNAL, o->number, pc);
	object_still(o, c, pc);
	if (o->waiters)
		wake(choose_waiter(o->waiters), WAKE_SIGNAL);
	else
		object_unheard(o, pc);
	return 0;
}

int condition_broadcast(pthread_cond_t *c, uint32_t pc)
{
	struct object *o = object_at(c, EXPLORE_CONDITION, pc);

	point(EXPLORE_STEP_BROADCAST, o->number, pc);
	object_still(o, c, pc);
	if (!o->waiters)
		object_unheard(o, pc);
	while (o->waiters)
		wake(thread_first(o->waiters), WAKE_SIGNAL);
	return 0;
}

int condition_destroy(pthread_cond_t *c, uint32_t pc)
{
	struct object *o = object_at(c, EXPLORE_CONDITION, pc);

	if (o->waiters)
		finding_on(EXPLORE_MISUSE, EXPLORE_DESTROY_WAITED, o, pc);
	object_destroy(o, pc);
	return 0;
}

clockid_t condition_clock(pthread_cond_t *c, uint32_t pc)
{
	return object_at(c, EXPLORE_CONDITION, pc)->flavour;
}

int rt_pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr)
{
	clockid_t clock = CLOCK_REALTIME;
	int err = pthread_cond_init(c, attr);

	if (attr)
		(void)pthread_condattr_getclock(attr, &clock);
	if (self && !err)
		object_init(c, EXPLORE_CONDITION, PC())->flavour = (uint8_t)clock;
	return err;
}

int rt_pthread_cond_destroy(pthread_cond_t *c)
{
	return self ? condition_destroy(c, PC()) : 0;
}

int rt_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
	return self ? condition_wait(c, m, NO_DEADLINE, PC()) : 0;
}

int rt_pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
			      const struct timespec *deadline)
{
	uint64_t until;

	if (!self)
		return 0;
	if (!deadline_ns(condition_clock(c, PC()), deadline, &until))
		return EINVAL;
	return condition_wait(c, m, until, PC());
}

int rt_pthread_cond_clockwait(pthread_cond_t *c, pthread_mutex_t *m, clockid_t clock,
			      const struct timespec *deadline)
{
	uint64_t until;

	if (!self)
		return 0;
	if (!deadline_ns(clock, deadline, &until))
		return EINVAL;
	return condition_wait(c, m, until, PC());
}

int rt_pthread_cond_signal(pthread_cond_t *c)
{
	return self ? condition_signal(c, PC()) : 0;
}

int rt_pthread_cond_broadcast(pthread_cond_t *c)
{
	return self ? condition_broadcast(c, PC()) : 0;
}
