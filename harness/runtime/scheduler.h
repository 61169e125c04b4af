/* scheduler.h - points, sleep and wake-up, phases: who runs, and when an execution ends.
 *
 * A step that needs an object free (a mutex, a semaphore above zero, a once under way) is not
 * enabled while it is not: its thread is among the object's contenders, and no choice is wasted on
 * a thread that would only find the lock taken. */
#ifndef RUNTIME_SCHEDULER_H
#define RUNTIME_SCHEDULER_H
#include "runtime/state.h"

/* Runs one execution from the prepared state to its end; returns when it has ended. */
void scheduler_run(void);

/* The current thread stands before `step`: others may run first. Returns when it was chosen. */
void point(enum explore_step step, uint16_t object, uint32_t pc);

/* As point, for a step that needs `o` free: the current thread is one of *contenders until it was
 * chosen while free. `is_free` tells for now. Until deadline (NO_DEADLINE: none): false, timed out.
 */
bool point_contend(enum explore_step step, struct object *o, thread_set *contenders, bool is_free,
		   uint64_t deadline, uint32_t pc);
/* The object was taken, or is free again: its contenders cannot or can run. */
void contenders_stop(thread_set contenders);
void contenders_go(thread_set contenders);

/* The current thread, after its point, sleeps as one of *waiters until woken or deadline (ns). Then
 * it contends for `relock` (NULL: nothing) and returns when that is free and it was chosen. drowsy:
 * it may wake without cause. Returns how it woke. */
enum thread_wake sleep_in(thread_set *waiters, uint64_t deadline, struct object *relock,
			  bool drowsy);
/* Wakes t from sleep_in or point_contend; it leaves the mask. */
void wake(struct thread *t, enum thread_wake how);

/* A yield point: the others go first. */
void point_yield(enum explore_step step, uint32_t pc);

/* A yield point, then sleep until the clock shows deadline_ns. */
void thread_sleep_until(uint64_t deadline_ns, uint32_t pc);

/* A thread of the script waits for its next operation. */
void thread_idle(void);
/* The current thread is over and never runs again. */
_Noreturn void thread_leave(void);

/* So many edges of the control flow without a point: the hook's slow side. */
void edge_stretch_over(uint32_t pc);

/* The execution is over, now. */
_Noreturn void execution_end(enum explore_end end);
#endif
