/* Semaphores and barriers.
 *
 * Source: POSIX.1-2017, sem_wait, pthread_barrier_wait. A post publishes to every later wait: the
 * value forgets which post it came from. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>

#include "runtime/events.h"
#include "runtime/finding.h"
#include "runtime/object.h"
#include "runtime/scheduler.h"
#include "runtime/virtual.h"

#define READY_MARK 1 /* flavour: was initialised in this execution */

static struct object *semaphore_at(sem_t *s, uint32_t pc)
{
	struct object *o = object_at(s, EXPLORE_SEMAPHORE, pc);

	if (o->flavour != READY_MARK)
		finding_on(EXPLORE_MISUSE, EXPLORE_NOT_INITIALISED, o, pc);
	return o;
}

int rt_sem_init(sem_t *s, int shared, unsigned value);
int rt_sem_init(sem_t *s, int shared, unsigned value)
{
	if (!self)
		return sem_init(s, shared, value);
	if (value > SEM_VALUE_MAX) {
		errno = EINVAL;
		return -1;
	}
	if (shared)
		finding_uncontrolled("a semaphore shared between processes", PC());
	struct object *o = object_init(s, EXPLORE_SEMAPHORE, PC());
	o->flavour = READY_MARK;
	o->count = value;
	return 0;
}

int rt_sem_destroy(sem_t *s);
int rt_sem_destroy(sem_t *s)
{
	if (!self)
		return 0;
	struct object *o = semaphore_at(s, PC());
	if (o->contenders && o->count == 0)
		finding_on(EXPLORE_MISUSE, EXPLORE_DESTROY_WAITED, o, PC());
	object_destroy(o, PC());
	return 0;
}

static void semaphore_take(struct object *o)
{
	clock_join(&self->clock, &o->clock);
	if (--o->count == 0)
		contenders_stop(o->contenders);
}

static int semaphore_wait(sem_t *s, uint64_t deadline, uint32_t pc)
{
	struct object *o = semaphore_at(s, pc);

	if (!point_contend(EXPLORE_STEP_SEM_WAIT, o, &o->contenders, o->count > 0, deadline, pc)) {
		errno = ETIMEDOUT;
		return -1;
	}
	object_still(o, s, pc);
	semaphore_take(o);
	return 0;
}

int rt_sem_wait(sem_t *s);
int rt_sem_wait(sem_t *s)
{
	return self ? semaphore_wait(s, NO_DEADLINE, PC()) : 0;
}

static int semaphore_timed(sem_t *s, clockid_t clock, const struct timespec *deadline, uint32_t pc)
{
	uint64_t until;

	if (!deadline_ns(clock, deadline, &until)) {
		errno = EINVAL;
		return -1;
	}
	return self ? semaphore_wait(s, until, pc) : 0;
}

int rt_sem_timedwait(sem_t *s, const struct timespec *deadline);
int rt_sem_timedwait(sem_t *s, const struct timespec *deadline)
{
	return semaphore_timed(s, CLOCK_REALTIME, deadline, PC());
}

int rt_sem_clockwait(sem_t *s, clockid_t clock, const struct timespec *deadline);
int rt_sem_clockwait(sem_t *s, clockid_t clock, const struct timespec *deadline)
{
	return semaphore_timed(s, clock, deadline, PC());
}

int rt_sem_trywait(sem_t *s);
int rt_sem_trywait(sem_t *s)
{
	uint32_t pc = PC();

	if (!self)
		return 0;
	struct object *o = semaphore_at(s, pc);
	point(EXPLORE_STEP_SEM_WAIT, o->number, pc);
	object_still(o, s, pc);
	if (o->count == 0) {
		errno = EAGAIN;
		return -1;
	}
	semaphore_take(o);
	return 0;
}

int rt_sem_post(sem_t *s);
int rt_sem_post(sem_t *s)
{
	uint32_t pc = PC();

	if (!self)
		return 0;
	struct object *o = semaphore_at(s, pc);
	point(EXPLORE_STEP_SEM_POST, o->number, pc);
	object_still(o, s, pc);
	if (o->count == SEM_VALUE_MAX) {
		errno = EOVERFLOW;
		return -1;
	}
	clock_release(&o->clock, self);
	if (o->count++ == 0)
		contenders_go(o->contenders);
	return 0;
}

int rt_sem_getvalue(sem_t *s, int *value);
int rt_sem_getvalue(sem_t *s, int *value)
{
	uint32_t pc = PC();

	if (!self)
		return 0;
	struct object *o = semaphore_at(s, pc);
	point(EXPLORE_STEP_SEM_WAIT, o->number, pc);
	*value = (int)o->count;
	return 0;
}

int rt_pthread_barrier_init(pthread_barrier_t *b, const pthread_barrierattr_t *attr,
			    unsigned count);
int rt_pthread_barrier_init(pthread_barrier_t *b, const pthread_barrierattr_t *attr, unsigned count)
{
	(void)attr;
	if (count == 0)
		return EINVAL;
	if (!self)
		return pthread_barrier_init(b, NULL, count);
	struct object *o = object_init(b, EXPLORE_BARRIER, PC());
	o->flavour = READY_MARK;
	o->limit = count;
	return 0;
}

static struct object *barrier_at(pthread_barrier_t *b, uint32_t pc)
{
	struct object *o = object_at(b, EXPLORE_BARRIER, pc);

	if (o->flavour != READY_MARK)
		finding_on(EXPLORE_MISUSE, EXPLORE_NOT_INITIALISED, o, pc);
	return o;
}

int rt_pthread_barrier_destroy(pthread_barrier_t *b);
int rt_pthread_barrier_destroy(pthread_barrier_t *b)
{
	if (!self)
		return 0;
	struct object *o = barrier_at(b, PC());
	if (o->waiters)
		finding_on(EXPLORE_MISUSE, EXPLORE_DESTROY_WAITED, o, PC());
	object_destroy(o, PC());
	return 0;
}

/* The last to come takes all that was published for the others, and lets them go. */
int rt_pthread_barrier_wait(pthread_barrier_t *b);
int rt_pthread_barrier_wait(pthread_barrier_t *b)
{
	uint32_t pc = PC();

	if (!self)
		return 0;
	struct object *o = barrier_at(b, pc);
	point(EXPLORE_STEP_BARRIER, o->number, pc);
	object_still(o, b, pc);
	clock_join(&o->clock, &self->clock);
	if (++o->count < o->limit) {
		++*clock_own(self);
		(void)sleep_in(&o->waiters, NO_DEADLINE, NULL, false);
		return 0;
	}
	o->count = 0;
	clock_join(&self->clock, &o->clock);
	++*clock_own(self);
	while (o->waiters) {
		struct thread *t = thread_first(o->waiters);
		clock_join(&t->clock, &o->clock);
		wake(t, WAKE_SIGNAL);
	}
	o->clock = (struct clock){ 0 };
	return PTHREAD_BARRIER_SERIAL_THREAD;
}
