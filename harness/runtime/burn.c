/* cl_burn and virtual cores: where N bursts are under way, the next one queues. A burst is not
 * interrupted and costs rounds nanoseconds; nobody computes for that long.
 *
 * Source: the recurrence of common/clab.h is linear, so n rounds of it are found by squaring. */
#include <string.h>
#include <time.h>

#include "runtime/choose.h"
#include "runtime/events.h"
#include "runtime/scheduler.h"
#include "runtime/virtual.h"

#define FACTOR 6364136223846793005u
#define ADDEND 1442695040888963407u

static uint64_t after_rounds(uint64_t x, uint64_t rounds)
{
	uint64_t factor = FACTOR, addend = ADDEND;

	for (; rounds; rounds >>= 1) {
		if (rounds & 1)
			x = x * factor + addend;
		addend *= factor + 1;
		factor *= factor;
	}
	return x;
}

/* The core is given up to the next in the queue, which finds it taken for it. */
static void core_release(void)
{
	if (rt->core_waiters)
		wake(thread_longest_asleep(rt->core_waiters), WAKE_SIGNAL);
	else
		rt->cores_busy--;
}

static void burst(uint64_t ns)
{
	thread_set nobody = 0;
	unsigned cores = rt->plan->cores ? rt->plan->cores : 1;

	if (rt->cores_busy < cores)
		rt->cores_busy++;
	else
		(void)sleep_in(&rt->core_waiters, NO_DEADLINE, NULL, false);
	self->burst_ns = rt->clock_ns;
	self->burst_end_ns = rt->clock_ns + ns;
	(void)sleep_in(&nobody, self->burst_end_ns, NULL, false);
	self->burst_end_ns = 0;
	core_release();
}

uint64_t process_cpu_ns(void)
{
	uint64_t ns = rt->cpu_ns;

	for (unsigned i = 0; i < rt->threads; i++) {
		const struct thread *t = &rt->thread[i];
		const uint64_t end = t->burst_end_ns < rt->clock_ns ? t->burst_end_ns
								    : rt->clock_ns;
		if (t->burst_end_ns)
			ns += end - t->burst_ns;
	}
	return ns;
}

uint64_t rt_cl_burn(uint64_t seed, uint64_t rounds);
uint64_t rt_cl_burn(uint64_t seed, uint64_t rounds)
{
	struct thread *t = self;

	if (t && rounds) {
		point(EXPLORE_STEP_BURN, EXPLORE_NOTHING, PC());
		if (rt->flags & EXPLORE_VT)
			burst(rounds);
		else
			rt->clock_ns += rounds; /* others are explored by choices, not by time */
		t->cpu_ns += rounds;
		rt->cpu_ns += rounds;
	}
	return after_rounds(seed, rounds);
}

clock_t rt_clock(void);
clock_t rt_clock(void)
{
	return self ? (clock_t)(process_cpu_ns() / (NS_PER_S / CLOCKS_PER_SEC)) : clock();
}
