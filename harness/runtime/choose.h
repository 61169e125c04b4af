/* choose.h - the one source of everything that could have gone otherwise. */
#ifndef RUNTIME_CHOOSE_H
#define RUNTIME_CHOOSE_H
#include "runtime/state.h"

/* Begins the choices of an execution: seed, prefix, strategy from rt->plan. */
void choose_start(void);

/* Which thread runs next, of those in `mask` (not empty); goes_on: the current one is among them,
 * and leaving it is a preemption. */
struct thread *choose_thread(thread_set set, bool goes_on);

/* One of n >= 1 options of another kind; the strategy takes an option but 0 one time in `rarely`.
 */
unsigned choose(enum explore_choice_kind kind, unsigned n, unsigned rarely);

/* One of the threads in `who` (not empty), the one longest asleep as option 0. */
struct thread *choose_waiter(thread_set who);

/* That one, without a choice. */
struct thread *thread_longest_asleep(thread_set who);

/* Strategies: a new thread, and a new pending step of t, get their priorities. */
void choose_priority(struct thread *t);
/* The thread yields or ran too long: others go first from now on. */
void choose_demote(struct thread *t);
#endif
