/* Commits the planted error of a plan. Its threads wait for their phase like those of the script,
 * stand at a few points so that the strategy puts the error anywhere between the submission's
 * steps, and call the same hooks that the compiler calls in the submission. */
#include "runtime/planted.h"

#include "runtime/arena.h"
#include "runtime/phases.h"
#include "runtime/scheduler.h"
#include "runtime/threads.h"

void __tsan_read1(void *address);
void __tsan_write1(void *address);
void *rt_malloc(size_t bytes);
void rt_free(void *p);

static char *block(void)
{
	return rt_malloc(rt->plan->plant_bytes);
}

static void commit(char *shared)
{
	const struct explore_plan *p = rt->plan;
	thread_set nobody = 0;
	char *own;

	switch ((enum explore_plant)p->plant) {
	case EXPLORE_PLANT_RACE:
		__tsan_write1(shared + p->plant_at);
		if (++rt->planted == 2) /* nothing may stay behind where nobody saw it */
			rt_free(shared);
		break;
	case EXPLORE_PLANT_FREED:
		own = block();
		rt_free(own);
		__tsan_read1(own + p->plant_at);
		break;
	case EXPLORE_PLANT_BEHIND:
		own = block();
		__tsan_write1(own + p->plant_bytes + p->plant_at);
		rt_free(own);
		break;
	case EXPLORE_PLANT_SLEEP:
		self->pc = p->plant_bytes;
		(void)sleep_in(&nobody, NO_DEADLINE, NULL, false);
		break;
	case EXPLORE_PLANT_NONE:
	case EXPLORE_PLANT_LIE:
	case EXPLORE_PLANTS:
		break;
	}
}

static void *planted_main(void *shared)
{
	for (unsigned i = 0; i < rt->plan->plant_delay; i++)
		point(EXPLORE_STEP_CLOCK, EXPLORE_NOTHING, 0);
	commit(shared);
	self->phase_wanted = EXPLORE_PHASES;
	thread_idle(); /* no phase is its own any more */
	return NULL;
}

static void make_thread(void *shared)
{
	struct thread *t = thread_new(planted_main, shared, 0);

	if (!t)
		return;
	t->state = EXPLORE_IDLE;
	t->phase_wanted = rt->plan->plant_phase;
	rt->runnable &= ~thread_bit(t);
	rt->idle |= thread_bit(t);
}

void planted_start(void)
{
	const unsigned plant = rt->plan->plant;

	if (plant == EXPLORE_PLANT_NONE || plant == EXPLORE_PLANT_LIE)
		return;
	void *shared = plant == EXPLORE_PLANT_RACE ? block() : NULL;
	make_thread(shared);
	if (shared)
		make_thread(shared);
}

bool planted_sleeps(void)
{
	return rt->plan->plant == EXPLORE_PLANT_SLEEP;
}

void planted_lie(int64_t result[EXPLORE_ARGS])
{
	if (rt->plan->plant == EXPLORE_PLANT_LIE && rt->planted++ == 0)
		result[0] = rt->plan->plant_bytes;
}
