/* fork, from a fiber: the raw system call, since libc's walks a list of threads that are not ours.
 *
 * In the child only the caller lives on; the others are gone, but what they held is still locked. A
 * child that waits for one of them waits for ever: that is a finding, written to the slot that
 * parent and child share. Otherwise the child's choices are its own affair: it writes nothing. */
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/finding.h"
#include "runtime/process.h"
#include "runtime/scheduler.h"

static struct explore_slot *private_slot(void)
{
	static_assert(sizeof(rt->child_slot) == sizeof(struct explore_slot), "one slot");
	memcpy(&rt->child_slot, rt->slot, sizeof(*rt->slot));
	return &rt->child_slot;
}

static void become_child(void)
{
	rt->child = true;
	rt->parent_slot = rt->slot;
	rt->slot = private_slot();
	rt->answer = &rt->slot->answer;
	rt->flags &= ~(uint32_t)EXPLORE_EVENT_LOG;
	for (unsigned i = 0; i < rt->threads; i++)
		if (i != self->id)
			rt->thread[i].state = EXPLORE_OVER;
	for (uint32_t i = 0; i < rt->object_count; i++) {
		struct object *o = &rt->object[i];
		o->contenders = o->waiters = o->readers_waiting = 0;
	}
	rt->runnable = thread_bit(self);
	rt->timed = rt->drowsy = rt->idle = 0;
}

pid_t rt_fork(void);
pid_t rt_fork(void)
{
	uint32_t pc = PC();

	if (!self)
		return fork();
	point(EXPLORE_STEP_FORK, EXPLORE_NOTHING, pc);
	pid_t pid = (pid_t)syscall(SYS_fork);
	rt->forked = true;
	if (pid == 0)
		become_child();
	return pid;
}

void fork_reap(void)
{
	if (!rt->forked || rt->child)
		return;
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	rt->forked = false;
}

pid_t rt_getpid(void);
pid_t rt_getpid(void)
{
	return self ? (rt->child ? 101 : 100) : getpid();
}

/* The child runs to its end before its parent goes on: what it found is there then. */
pid_t rt_waitpid(pid_t pid, int *status, int options);
pid_t rt_waitpid(pid_t pid, int *status, int options)
{
	uint32_t pc = PC();
	pid_t ended;

	if (!self)
		return waitpid(pid, status, options);
	point(EXPLORE_STEP_JOIN, EXPLORE_NOTHING, pc);
	while ((ended = waitpid(pid, status, options & ~WNOHANG)) < 0 && errno == EINTR)
		;
	if (rt->answer->finding.kind != EXPLORE_FINDING_NONE)
		execution_end(EXPLORE_END_FINDING);
	return ended;
}
