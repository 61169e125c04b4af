/* The script: T1..Tn run its operations, phase by phase.
 *
 * Between phases all threads whose operations have returned are ordered, as if T0 had joined them
 * and started them again; those that sleep in an operation are not. */
#include "runtime/phases.h"

#include "runtime/events.h"
#include "runtime/finding.h"
#include "runtime/planted.h"
#include "runtime/process.h"
#include "runtime/scheduler.h"
#include "runtime/stores.h"
#include "runtime/threads.h"

bool phases_load(const struct explore_script *from)
{
	struct explore_script *s = &rt->script;
	uint8_t last[THREADS] = { 0 };

	*s = *from;
	if (s->threads < 1 || s->threads >= THREADS || s->phases < 1 ||
	    s->phases > EXPLORE_PHASES || s->ops > EXPLORE_OPS)
		return false;
	for (unsigned i = 0; i < THREADS; i++)
		rt->first_op[i] = 0;
	for (unsigned i = 0; i < s->ops; i++) {
		const struct explore_op *o = &s->op[i];
		if (o->thread < 1 || o->thread > s->threads || o->phase >= s->phases ||
		    (i && o->phase < s->op[i - 1].phase))
			return false;
		*(last[o->thread] ? &rt->next_op[last[o->thread] - 1]
				  : &rt->first_op[o->thread]) = (uint8_t)(i + 1);
		last[o->thread] = (uint8_t)(i + 1);
		rt->next_op[i] = 0;
	}
	return true;
}

void phase_called(struct thread *t)
{
	t->call_pending = false;
	store_called(t);
	rt->answer->history[t->op].call = rt->stamp;
	event_of(EXPLORE_EVENT_CALL, t, EXPLORE_NOBODY, t->op);
}

static void operation_run(struct thread *t, unsigned number)
{
	const struct explore_op *o = &rt->script.op[number];
	struct explore_history *h = &rt->answer->history[number];
	int64_t result[EXPLORE_ARGS] = { 0 };

	t->op = (uint16_t)number;
	t->call_pending = true;
	t->node = 0;
	t->depth_lost = 0;
	rt->call(o->op, o->arg, result);
	rt->stamp++;
	if (t->call_pending) {
		phase_called(t);
		rt->stamp++;
	}
	h->back = rt->stamp;
	store_returned(t);
	planted_lie(result);
	for (unsigned i = 0; i < EXPLORE_ARGS; i++)
		h->result[i] = result[i];
	event_of(EXPLORE_EVENT_RETURN, t, EXPLORE_NOBODY, number);
	t->op = EXPLORE_NOTHING;
	t->step = EXPLORE_STEP_NONE;
}

static _Noreturn void script_loop(void)
{
	struct thread *t = self;
	unsigned next = rt->first_op[t->id];

	for (;;) {
		while (next && rt->script.op[next - 1].phase == rt->phase) {
			operation_run(t, next - 1);
			next = rt->next_op[next - 1];
		}
		t->phase_wanted = next ? rt->script.op[next - 1].phase : EXPLORE_PHASES;
		clock_release(&rt->thread[0].clock, t);
		thread_idle();
	}
}

static void *script_main(void *ignored)
{
	(void)ignored;
	script_loop();
}

/* Lets those go on whose next operation is of this phase. */
static void phase_begin(void)
{
	event_of(EXPLORE_EVENT_PHASE, &rt->thread[0], EXPLORE_NOBODY, rt->phase);
	for (thread_set mask = rt->idle; mask; mask &= mask - 1) {
		struct thread *t = thread_first(mask);
		if (t->phase_wanted != rt->phase)
			continue;
		t->state = EXPLORE_READY;
		t->ready = ++rt->ready_count;
		rt->idle &= ~thread_bit(t);
		rt->runnable |= thread_bit(t);
		clock_join(&t->clock, &rt->thread[0].clock);
	}
}

void phases_start(void)
{
	unsigned last = rt->plan->phases;

	rt->phases = (uint8_t)(last && last < rt->script.phases ? last : rt->script.phases);
	rt->phase = 0;
	rt->threads = 1;
	rt->thread[0].state = EXPLORE_IDLE;
	rt->thread[0].object = rt->thread[0].op = EXPLORE_NOTHING;
	rt->thread[0].clock = (struct clock){ .at = { 1 } };
	for (unsigned i = 1; i <= rt->script.threads; i++) {
		unsigned first = rt->first_op[i];
		struct thread *t = thread_new(script_main, NULL, 0);
		t->state = EXPLORE_IDLE;
		t->phase_wanted = first ? rt->script.op[first - 1].phase : EXPLORE_PHASES;
		rt->runnable &= ~thread_bit(t);
		rt->idle |= thread_bit(t);
	}
	planted_start();
	rt->thread[0].clock.at[0]++;
	phase_begin();
}

bool phase_is_over(void)
{
	const thread_set all = ((thread_set)1 << (rt->script.threads + 1)) - 2;
	const thread_set waited_for = all & ~rt->servers;

	return (rt->idle & waited_for) == waited_for && !rt->child;
}

void phase_next(void)
{
	bool all_idle = true;

	if (rt->child && self->state == EXPLORE_ASLEEP)
		finding_stuck();
	if (rt->child)
		process_exit(0, 0);
	for (unsigned i = 1; i <= rt->script.threads; i++) {
		struct thread *t = &rt->thread[i];
		if (t->op == EXPLORE_NOTHING)
			continue;
		all_idle = false;
		if (t->call_pending) { /* it sleeps at its very first point */
			rt->stamp++;
			phase_called(t);
		}
		rt->answer->history[t->op].asleep |= 1u << rt->phase;
	}
	if (++rt->phase < rt->phases) {
		phase_begin();
		return;
	}
	if (!all_idle || planted_sleeps())
		finding_stuck();
	execution_end(EXPLORE_END_DONE);
}
