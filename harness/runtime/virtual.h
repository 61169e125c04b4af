/* virtual.h - the clocks that the submission sees. */
#ifndef RUNTIME_VIRTUAL_H
#define RUNTIME_VIRTUAL_H
#include <time.h>

#include "runtime/state.h"

#define NS_PER_S 1000000000u
#define WALL_AHEAD_S \
	1700000000 /* the wall clock when an execution starts, less the monotonic one */

/* A deadline of one of the clocks as ns of the virtual monotonic one; too far away, or never:
 * NO_DEADLINE. false: not a valid time. The current thread's next wait is known as one of that
 * clock. */
bool deadline_ns(clockid_t clock, const struct timespec *deadline, uint64_t *ns);

/* burn.c: what all threads have computed, bursts under way included. */
uint64_t process_cpu_ns(void);

int rt_clock_gettime(clockid_t clock, struct timespec *now);
#endif
