/* Threads: create, join, detach, exit. A pthread_t is the number of a place and how often the place
 * was used before, so that a stale one is known as such.
 *
 * Source: POSIX.1-2017, pthread_create and its kin. Creation, exit and a join that need not wait
 * are no points: nothing visible lies between them and the next one. */
#include "runtime/threads.h"

#include <errno.h>

#include "runtime/choose.h"
#include "runtime/events.h"
#include "runtime/fiber.h"
#include "runtime/finding.h"
#include "runtime/object.h"
#include "runtime/scheduler.h"

#define HANDLE_MARK 0x5400000000u

static pthread_t handle_of(const struct thread *t)
{
	return HANDLE_MARK | (pthread_t)t->place << 8 | t->id;
}

struct thread *thread_of_handle(pthread_t handle)
{
	return &rt->thread[handle % 256 % PLACES];
}

/* The thread of a handle; one that cannot be joined or detached any more is a finding. */
static struct thread *thread_of(pthread_t handle, uint32_t pc)
{
	struct thread *t = thread_of_handle(handle);

	if (handle_of(t) != handle || t->id >= rt->threads || t->joined || t->detached)
		finding_at(EXPLORE_MISUSE, EXPLORE_JOIN_TWICE, pc);
	return t;
}

static void thread_begin(void)
{
	struct thread *t = self;

	rt->stamp++;
	event_of(EXPLORE_EVENT_RUNS, t, EXPLORE_NOBODY, 0);
	thread_exit(t->main(t->arg), 0);
}

static struct thread *place_for_thread(void)
{
	const unsigned places = rt->flags & EXPLORE_VT ? PLACES : THREADS;

	if (rt->threads < places) {
		rt->thread[rt->threads].place = 0;
		return &rt->thread[rt->threads++];
	}
	for (unsigned i = 1; i < places; i++) { /* places that nobody can ask for any more */
		struct thread *t = &rt->thread[i];
		if (t->state != EXPLORE_OVER || !(t->joined || t->detached))
			continue;
		t->place++;
		fiber_reset(t);
		return t;
	}
	return NULL;
}

struct thread *thread_new(void *(*entry)(void *), void *arg, uint32_t pc)
{
	struct thread *t = place_for_thread();
	uint32_t before;

	if (!t)
		return NULL;
	before = t->place ? *clock_own(t) : 0;
	t->clock = self->clock;
	*clock_own(t) = before + 1;
	++*clock_own(self);
	t->acquired = t->published = t->view = (struct clock){ 0 };
	t->state = EXPLORE_READY;
	t->step = EXPLORE_STEP_NONE;
	t->object = t->op = EXPLORE_NOTHING;
	t->call_pending = t->detached = t->joined = t->dead_memory = t->fenced = false;
	t->pc = pc;
	t->node = t->depth_lost = t->locks = t->held_count = 0;
	t->since = t->plain = t->row = t->yields = 0;
	t->deadline = NO_DEADLINE;
	t->wall = false;
	t->cpu_ns = t->burst_end_ns = 0;
	t->ready = ++rt->ready_count;
	t->relock = NULL;
	t->joiners = 0;
	t->main = entry;
	t->arg = arg;
	rt->dead &= ~thread_bit(t);
	rt->runnable |= thread_bit(t);
	choose_priority(t);
	fiber_prepare(t, thread_begin);
	return t;
}

_Noreturn void thread_exit(void *result, uint32_t pc)
{
	struct thread *t = self;

	thread_keys_run();
	if (t->held_count) {
		t->object = t->held[t->held_count - 1].object;
		finding_at(EXPLORE_MISUSE, EXPLORE_EXIT_HOLDING, pc);
	}
	t->result = result;
	t->last = t->clock;
	++*clock_own(t);
	t->state = EXPLORE_OVER;
	t->dead_memory = true;
	rt->dead |= thread_bit(t);
	event_step(EXPLORE_STEP_EXIT, EXPLORE_NOTHING, pc, 0);
	while (t->joiners)
		wake(thread_first(t->joiners), WAKE_SIGNAL);
	thread_leave();
}

int threads_create(pthread_t *thread, bool detached, void *(*entry)(void *), void *arg, uint32_t pc)
{
	struct thread *t = thread_new(entry, arg, pc);

	if (!t)
		return EAGAIN;
	t->detached = detached;
	rt->created++;
	*thread = handle_of(t);
	event_step(EXPLORE_STEP_CREATE, EXPLORE_NOTHING, pc, t->id);
	return 0;
}

int threads_join(pthread_t thread, void **result, uint32_t pc)
{
	struct thread *t = thread_of(thread, pc);
	struct object *o = object_at(t, EXPLORE_THREAD_OBJECT, pc);

	if (t == self)
		finding_on(EXPLORE_MISUSE, EXPLORE_JOIN_SELF, o, pc);
	o->first_thread = o->owner = t->id;
	if (t->state != EXPLORE_OVER) {
		point(EXPLORE_STEP_JOIN, o->number, pc);
		while (t->state != EXPLORE_OVER)
			(void)sleep_in(&t->joiners, NO_DEADLINE, NULL, false);
		if (t->joined)
			finding_on(EXPLORE_MISUSE, EXPLORE_JOIN_TWICE, o, pc);
	} else {
		event_step(EXPLORE_STEP_JOIN, o->number, pc, t->id);
	}
	t->joined = true;
	clock_join(&self->clock, &t->last);
	if (result)
		*result = t->result;
	return 0;
}

int threads_detach(pthread_t thread, uint32_t pc)
{
	thread_of(thread, pc)->detached = true;
	return 0;
}

int rt_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*entry)(void *),
		      void *arg)
{
	int state = PTHREAD_CREATE_JOINABLE;

	if (attr)
		(void)pthread_attr_getdetachstate(attr, &state);
	return threads_create(thread, state == PTHREAD_CREATE_DETACHED, entry, arg, PC());
}

int rt_pthread_join(pthread_t thread, void **result)
{
	return threads_join(thread, result, PC());
}

int rt_pthread_tryjoin_np(pthread_t thread, void **result)
{
	struct thread *t = thread_of(thread, PC());

	point(EXPLORE_STEP_JOIN, object_at(t, EXPLORE_THREAD_OBJECT, PC())->number, PC());
	return t->state == EXPLORE_OVER ? threads_join(thread, result, PC()) : EBUSY;
}

int rt_pthread_detach(pthread_t thread)
{
	return threads_detach(thread, PC());
}

pthread_t rt_pthread_self(void)
{
	return self ? handle_of(self) : HANDLE_MARK;
}

int rt_pthread_equal(pthread_t a, pthread_t b)
{
	return a == b;
}

_Noreturn void rt_pthread_exit(void *result)
{
	thread_exit(result, PC());
}

int rt_sched_yield(void)
{
	if (self)
		point_yield(EXPLORE_STEP_YIELD, PC());
	return 0;
}

int rt_pthread_yield(void)
{
	if (self)
		point_yield(EXPLORE_STEP_YIELD, PC());
	return 0;
}

void rt_thrd_yield(void)
{
	if (self)
		point_yield(EXPLORE_STEP_YIELD, PC());
}

void rt_cl_preempt_point(void)
{
	if (self)
		point(EXPLORE_STEP_YIELD, EXPLORE_NOTHING, PC());
}
