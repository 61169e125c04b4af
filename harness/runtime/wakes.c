/* Waking: by others, by deadlines, without cause. A thread that wakes from a condition stands
 * before its mutex, and can run only while that is free. */
#include "runtime/wakes.h"

#include "runtime/choose.h"
#include "runtime/events.h"
#include "runtime/scheduler.h"

#define TIMEOUT_RARELY  16u
#define SPURIOUS_RARELY 24u
#define WALL_STEP_NS    3600000000000u

void deadline_set(const struct thread *t)
{
	rt->timed |= thread_bit(t);
	if (t->deadline < rt->no_deadline_before)
		rt->no_deadline_before = t->deadline;
}

void wake(struct thread *t, enum thread_wake how)
{
	thread_set bit = thread_bit(t);
	struct object *mutex = t->relock;

	t->woken = (uint8_t)how;
	t->state = EXPLORE_READY;
	t->ready = ++rt->ready_count;
	rt->runnable |= bit;
	rt->timed &= ~bit;
	rt->drowsy &= ~bit;
	*t->in &= ~bit;
	event_of(how == WAKE_TIMEOUT    ? EXPLORE_EVENT_TIMEOUT
		 : how == WAKE_SPURIOUS ? EXPLORE_EVENT_SPURIOUS
					: EXPLORE_EVENT_WAKES,
		 t, self->id, rt->clock_ns);
	if (!mutex)
		return;
	t->relock = NULL;
	t->deadline = NO_DEADLINE; /* it was for the condition */
	t->step = EXPLORE_STEP_RELOCK;
	t->object = mutex->number;
	t->in = &mutex->contenders;
	mutex->contenders |= bit;
	choose_priority(t);
	if (mutex->owner != EXPLORE_NOBODY)
		contenders_stop(bit);
}

static struct thread *earliest_deadline(void)
{
	struct thread *first = NULL;

	for (thread_set mask = rt->timed; mask; mask &= mask - 1) {
		struct thread *t = thread_first(mask);
		if (!first || t->deadline < first->deadline)
			first = t;
	}
	return first;
}

void wakes_look_at_deadlines(void)
{
	if (rt->clock_ns < rt->no_deadline_before && !rt->timeout_left)
		return;
	struct thread *t = earliest_deadline();

	for (; t && t->deadline <= rt->clock_ns; t = earliest_deadline())
		wake(t, WAKE_TIMEOUT);
	rt->no_deadline_before = t ? t->deadline : NO_DEADLINE;
	if (!t || !rt->timeout_left || !rt->runnable)
		return;
	if (events_on())
		event_options(EXPLORE_CHOOSE_TIMEOUT, &t->id, 1);
	if (choose(EXPLORE_CHOOSE_TIMEOUT, 2, TIMEOUT_RARELY) == 0)
		return;
	rt->timeout_left--;
	rt->clock_ns = t->deadline;
	wake(t, WAKE_TIMEOUT);
}

/* Somebody sets the wall clock an hour ahead: deadlines of that clock are so much nearer. */
static void step_wall_clock(void)
{
	rt->wall_stepped = true;
	rt->wall_ahead_ns += WALL_STEP_NS;
	rt->no_deadline_before = 0;
	for (thread_set mask = rt->timed; mask; mask &= mask - 1) {
		struct thread *t = thread_first(mask);
		if (t->wall)
			t->deadline -= t->deadline < WALL_STEP_NS ? t->deadline : WALL_STEP_NS;
	}
	wakes_look_at_deadlines();
}

bool wakes_jump(void)
{
	const struct thread *t = earliest_deadline();

	if (!t)
		return false;
	if ((rt->flags & EXPLORE_WALL_STEP) && !rt->wall_stepped) {
		step_wall_clock();
		return true;
	}
	rt->clock_ns = t->deadline;
	wakes_look_at_deadlines();
	return true;
}

void wakes_look_at_sleepers(void)
{
	unsigned mask = (unsigned)rt->drowsy;

	event_choice(EXPLORE_CHOOSE_SPURIOUS, mask, 0);
	unsigned n = choose(EXPLORE_CHOOSE_SPURIOUS, 1 + (unsigned)__builtin_popcount(mask),
			    SPURIOUS_RARELY);
	if (n == 0)
		return;
	while (--n)
		mask &= mask - 1;
	rt->spurious_left--;
	wake(thread_first(mask), WAKE_SPURIOUS);
}

void contenders_stop(thread_set contenders)
{
	rt->runnable &= ~contenders;
	for (thread_set mask = contenders; mask; mask &= mask - 1) {
		struct thread *t = thread_first(mask);
		t->state = EXPLORE_ASLEEP;
		t->since = rt->stamp;
		if (t->deadline != NO_DEADLINE && t->woken == WAKE_NONE)
			deadline_set(t);
		event_of(EXPLORE_EVENT_SLEEPS, t, EXPLORE_NOBODY, 0);
	}
}

void contenders_go(thread_set contenders)
{
	rt->runnable |= contenders;
	rt->timed &= ~contenders;
	for (thread_set mask = contenders; mask; mask &= mask - 1) {
		struct thread *t = thread_first(mask);
		t->state = EXPLORE_READY;
		t->ready = ++rt->ready_count;
		event_of(EXPLORE_EVENT_WAKES, t, self->id, 0);
	}
}
