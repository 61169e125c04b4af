/* fiber.h - stacks, thread-local blocks and the switch between them. */
#ifndef RUNTIME_FIBER_H
#define RUNTIME_FIBER_H
#include "runtime/state.h"

/* Makes a fiber for every place in rt->thread; checks that errno and TLS are its own. 0 or errno.
 */
int fiber_start(void);

/* Lets t begin at `entry` (which never returns) when it is switched to. */
void fiber_prepare(struct thread *t, void (*entry)(void));

/* Puts back the used part of its stack and its thread-local block, for the next execution. */
void fiber_reset(struct thread *t);

/* Goes on in the other context; returns when somebody switches back to *save. */
void fiber_switch(void **save, void *sp, void *tp);
#endif
