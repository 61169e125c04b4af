/* wakes.h - what the scheduler asks before each choice: is it time for somebody to wake? */
#ifndef RUNTIME_WAKES_H
#define RUNTIME_WAKES_H
#include "runtime/state.h"

/* t is asleep until t->deadline at most. */
void deadline_set(const struct thread *t);
/* Wakes whose deadline has come, and perhaps one whose has not: any thread may be slow. */
void wakes_look_at_deadlines(void);
/* Perhaps wakes somebody without cause. */
void wakes_look_at_sleepers(void);
/* Nobody can run: the clock jumps to the next deadline (or the wall clock is set ahead first, where
 * the plan says so). false: there is none. */
bool wakes_jump(void);
#endif
