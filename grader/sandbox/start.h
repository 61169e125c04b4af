/* sandbox/start.h - between the supervisor, which starts a box, and the job, which clones its init.
 * [MT-Confined] */
#ifndef GRADER_START_H
#define GRADER_START_H
#include <assert.h>
#include <sched.h>
#include <sys/types.h>

#include "sandbox/job.h"
#include "sandbox/pass.h"

/* What the runner asks of the job; descriptors: control socket, stdin, stdout, stderr, then the
 * program's. */
struct start_request {
	size_t which, fd_count;
	bool held;
};
struct start_reply {
	pid_t init;
	int error;
};
enum { REQUEST_FIXED_FDS = 4 };
static_assert(REQUEST_FIXED_FDS + JOB_FDS_MAX <= PASS_FDS_MAX, "a request must fit");

/* The namespaces that every box has, in a job or alone. Network, UTS and IPC are the job's in a
 * job: no policy allows a call that reaches an object of IPC, and what the namespace adds is that
 * none could be the host's. */
enum {
	BOX_NAMESPACES = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWCGROUP,
};

/* Of a box's signals PID 1 gets those that it has handlers for: it must not inherit the caller's,
 * or a program with the same uid could run them in it. */
#define BOX_CLONE_FLAGS ((uint64_t)BOX_NAMESPACES | CLONE_CLEAR_SIGHAND)

/* Fills in *fault; returns error. */
int box_fault_set(struct box_fault *fault, const char *step, int error);

/* Descriptors up to POLICY_EXEC_FD are used inside: the soft limit must allow them. 0 or errno. */
int descriptors_raise(void);

#endif
