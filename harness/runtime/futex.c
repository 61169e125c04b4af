/* cl_futex_wait and cl_futex_wake: sleeping on a word.
 *
 * Source: futex(2): comparing and falling asleep are one step; a wake orders nothing by itself, the
 * word's own atomics do. */
#include <errno.h>

#include "runtime/choose.h"
#include "runtime/object.h"
#include "runtime/race.h"
#include "runtime/scheduler.h"

int rt_cl_futex_wait(uint32_t *word, uint32_t expected, uint64_t deadline_us);
int rt_cl_futex_wait(uint32_t *word, uint32_t expected, uint64_t deadline_us)
{
	uint64_t deadline = deadline_us > UINT64_MAX / 1000 ? NO_DEADLINE : deadline_us * 1000;
	uint32_t pc = PC();

	if (!self)
		return EAGAIN;
	struct object *o = object_known(word, EXPLORE_FUTEX, pc);
	point(EXPLORE_STEP_FUTEX_WAIT, o->number, pc);
	access_check((uintptr_t)word, sizeof(*word), RECORD_ATOMIC, pc);
	object_still(o, word, pc);
	if (*(volatile uint32_t *)word != expected)
		return EAGAIN;
	if (deadline <= rt->clock_ns)
		return ETIMEDOUT;
	return sleep_in(&o->waiters, deadline, NULL, true) == WAKE_TIMEOUT ? ETIMEDOUT : 0;
}

int rt_cl_futex_wake(uint32_t *word, int n);
int rt_cl_futex_wake(uint32_t *word, int n)
{
	uint32_t pc = PC();
	int woken = 0;

	if (!self)
		return 0;
	struct object *o = object_known(word, EXPLORE_FUTEX,
					pc); /* the word itself is not touched */
	point(EXPLORE_STEP_FUTEX_WAKE, o->number, pc);
	if (o->address != (uintptr_t)word)
		return 0;
	for (; o->waiters && woken < n; woken++)
		wake(choose_waiter(o->waiters), WAKE_SIGNAL);
	if (!woken)
		object_unheard(o, pc);
	return woken;
}
