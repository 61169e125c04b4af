/* The scheduler: exactly one thread runs; at a point the next one is chosen.
 *
 * Source: points at synchronisation operations only, with races checked apart, as argued in CHESS
 * (Musuvathi et al. 2008). */
#include "runtime/scheduler.h"

#include "runtime/choose.h"
#include "runtime/events.h"
#include "runtime/fiber.h"
#include "runtime/finding.h"
#include "runtime/phases.h"
#include "runtime/virtual.h"
#include "runtime/wakes.h"

#define ROW_MAX             300u /* points in a row before the others go first                          */
#define POINTS_MAX          20000u
#define EDGES_STRIDE        1000000 /* without a point make a yield                                 */
#define EDGES_THOUSANDS_MAX 100000u

/* Goes on in t's fiber. */
static void run_thread(struct thread *t)
{
	struct thread *from = self;

	if (t == from)
		return;
	t->row = t->yields = 0;
	self = t;
	fiber_switch(&from->sp, t->sp, t->tp);
}

_Noreturn void execution_end(enum explore_end end)
{
	void *nowhere;

	rt->answer->end = (uint8_t)end;
	self = NULL;
	fiber_switch(&nowhere, rt->driver_sp, rt->driver_tp);
	__builtin_unreachable();
}

/* Who was tired comes back only after all that could run then have run: two that spin would pass
 * the turn to each other. There is always one that waits for nobody: a thread that has just become
 * tired has run, so nobody waits for it.
 * Source: the fair scheduler of Musuvathi and Qadeer (2008). */
static thread_set without_tired(thread_set set)
{
	thread_set rested = set;

	for (thread_set of = rt->tired & set; of; of &= of - 1)
		if (thread_first(of)->after & rt->runnable)
			rested &= ~thread_bit(thread_first(of));
	return rested ? rested : set;
}

/* A thread runs: it is tired no more, and nobody waits for it. */
static void tired_ran(const struct thread *t)
{
	rt->tired &= ~thread_bit(t);
	for (thread_set of = rt->tired; of; of &= of - 1)
		thread_first(of)->after &= ~thread_bit(t);
}

/* Chooses who runs next; goes_on: the current thread may be it. */
static struct thread *next_thread(bool goes_on)
{
	if (rt->timed)
		wakes_look_at_deadlines();
	if (rt->drowsy && rt->spurious_left && rt->runnable)
		wakes_look_at_sleepers();
	while (!rt->runnable)
		if (phase_is_over() || !wakes_jump())
			phase_next(); /* ends the execution after the last one */
	thread_set mask = rt->runnable;
	bool can = mask & thread_bit(self);
	if (can && !goes_on && self->yields > 1 && (mask & ~thread_bit(self)))
		mask &= ~thread_bit(self); /* who only waits in turns must give way */
	if (rt->tired)
		mask = without_tired(mask);
	return choose_thread(mask, goes_on && can);
}

static void chosen(void)
{
	struct thread *t = self;

	rt->stamp++;
	t->row++;
	if (rt->tired)
		tired_ran(t);
	if (t->call_pending)
		phase_called(t);
	event_of(EXPLORE_EVENT_RUNS, t, EXPLORE_NOBODY, 0);
}

/* Before every point: counts, and what is pending from now on. */
static void arrive(enum explore_step step, uint16_t object, uint32_t pc)
{
	struct thread *t = self;

	t->step = (uint8_t)step;
	t->object = object;
	t->pc = pc;
	t->plain = 0;
	rt->edges_left -= EDGES_STRIDE - rt->edges;
	rt->edges = EDGES_STRIDE;
	if (!(rt->flags & EXPLORE_VT) || step == EXPLORE_STEP_CLOCK || step == EXPLORE_STEP_YIELD)
		rt->clock_ns += POINT_NS;
	if (++rt->points > rt->points_max)
		finding_at(EXPLORE_NO_PROGRESS, 0, pc);
	choose_priority(t);
	event_of(EXPLORE_EVENT_ARRIVES, t, EXPLORE_NOBODY, 0);
}

/* Has it run for so long that the others go first now? */
static bool is_tired(void)
{
	struct thread *t = self;

	if (t->row < ROW_MAX)
		return false;
	t->row = 0;
	t->yields += 2;
	t->ready = ++rt->ready_count;
	t->after = rt->runnable & ~thread_bit(t);
	rt->tired |= thread_bit(t);
	choose_demote(t);
	return true;
}

void point(enum explore_step step, uint16_t object, uint32_t pc)
{
	arrive(step, object, pc);
	run_thread(next_thread(!is_tired()));
	chosen();
}

void point_yield(enum explore_step step, uint32_t pc)
{
	arrive(step, EXPLORE_NOTHING, pc);
	self->yields++;
	self->ready = ++rt->ready_count;
	choose_demote(self);
	run_thread(next_thread(false));
	chosen();
}

bool point_contend(enum explore_step step, struct object *o, thread_set *contenders, bool is_free,
		   uint64_t deadline, uint32_t pc)
{
	struct thread *t = self;

	arrive(step, o->number, pc);
	t->in = contenders;
	t->woken = WAKE_NONE;
	t->deadline = deadline;
	*contenders |= thread_bit(t);
	if (!is_free)
		contenders_stop(thread_bit(t));
	run_thread(next_thread(!is_tired()));
	*contenders &= ~thread_bit(t);
	t->deadline = NO_DEADLINE;
	chosen();
	return t->woken != WAKE_TIMEOUT;
}

enum thread_wake sleep_in(thread_set *waiters, uint64_t deadline, struct object *relock,
			  bool drowsy)
{
	struct thread *t = self;
	thread_set bit = thread_bit(t);

	t->state = EXPLORE_ASLEEP;
	t->woken = WAKE_NONE;
	t->since = rt->stamp;
	t->deadline = deadline;
	t->in = waiters;
	t->relock = relock;
	*waiters |= bit;
	rt->runnable &= ~bit;
	if (deadline != NO_DEADLINE)
		deadline_set(t);
	if (drowsy)
		rt->drowsy |= bit;
	event_of(EXPLORE_EVENT_SLEEPS, t, EXPLORE_NOBODY, deadline);
	run_thread(next_thread(false));
	*t->in &= ~bit; /* of the mutex, if it contended for that in the end */
	t->deadline = NO_DEADLINE;
	t->wall = false;
	rt->stamp++;
	event_of(EXPLORE_EVENT_RUNS, t, EXPLORE_NOBODY, 0);
	return (enum thread_wake)t->woken;
}

void thread_sleep_until(uint64_t deadline_ns, uint32_t pc)
{
	thread_set nobody = 0;

	point_yield(EXPLORE_STEP_SLEEP, pc);
	if (deadline_ns > rt->clock_ns)
		(void)sleep_in(&nobody, deadline_ns, NULL, false);
}

_Noreturn void thread_leave(void)
{
	rt->runnable &= ~thread_bit(self);
	run_thread(next_thread(false));
	__builtin_unreachable();
}

void thread_idle(void)
{
	struct thread *t = self;

	t->state = EXPLORE_IDLE;
	rt->idle |= thread_bit(t);
	rt->runnable &= ~thread_bit(t);
	run_thread(next_thread(false));
	t->row = 0;
}

void scheduler_run(void)
{
	const struct explore_plan *p = rt->plan;

	rt->runnable = rt->timed = rt->drowsy = rt->dead = rt->idle = rt->tired = 0;
	rt->stamp = rt->points = rt->preemptions = 0;
	rt->points_max = p->points_max ? p->points_max : POINTS_MAX;
	rt->edges = EDGES_STRIDE;
	rt->edges_left = (int64_t)(p->edges_max ? p->edges_max : EDGES_THOUSANDS_MAX) * 1000;
	rt->spurious_left = p->spurious_max;
	rt->timeout_left = p->timeout_max;
	rt->stale_left = p->stale_max;
	rt->clock_ns = EXPLORE_START_NS;
	rt->wall_ahead_ns = WALL_AHEAD_S * (uint64_t)NS_PER_S;
	rt->wall_stepped = false;
	rt->no_deadline_before = NO_DEADLINE;
	rt->cpu_ns = rt->ready_count = 0;
	rt->created = rt->cores_busy = 0;
	rt->core_waiters = 0;
	rt->child = false;
	rt->servers = 0;
	choose_start();
	self = &rt->thread[0]; /* T0: it starts the others, and does nothing else */
	rt->heap_reuse = (rt->flags & EXPLORE_HEAP) && choose(EXPLORE_CHOOSE_HEAP, 2, 1);
	phases_start();
	struct thread *t = next_thread(false);
	self = t;
	fiber_switch(&rt->driver_sp, t->sp, t->tp);
}

void edge_stretch_over(uint32_t pc)
{
	rt->edges_left -= EDGES_STRIDE;
	rt->edges = EDGES_STRIDE;
	if (rt->edges_left < 0)
		finding_at(EXPLORE_NO_PROGRESS, 1, pc);
	point_yield(EXPLORE_STEP_YIELD, pc);
}
