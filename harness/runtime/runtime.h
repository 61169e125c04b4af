/* runtime.h - the explorer's runtime, as the player sees it: plays slots of an explore_area.
 *
 * The submission's object calls the runtime instead of libc and libtsan (hooks.map). Its threads
 * are fibers on the one kernel thread of this process; each switch is a choice of the plan. All
 * functions are [MT-Confined] to the main thread, outside executions. */
#ifndef RUNTIME_H
#define RUNTIME_H
#include <stdint.h>

#include "explore.h"

/* Calls one operation of the submission: the player's way into a lab's binding. Runs in a fiber. */
typedef void runtime_call_fn(uint16_t op, const int64_t arg[EXPLORE_ARGS],
			     int64_t result[EXPLORE_ARGS]);

/* Maps the area in descriptor `file` (borrowed), makes fibers, heap and shadow memory, and keeps
 * what the submission's data hold now: every execution starts from it. Once per process. 0 or
 * errno: EPROTO the area is not one of this version, ENOTSUP this libc or CPU cannot be driven. */
int runtime_start(int file, runtime_call_fn *call);

/* Plays slots first..first+count-1 of the area, each from the prepared state; stops after one that
 * ends as FINDING or BROKEN. Returns how many were played. */
unsigned runtime_play(unsigned first, unsigned count);

/* The area, after runtime_start. */
struct explore_area *runtime_area(void);
#endif
