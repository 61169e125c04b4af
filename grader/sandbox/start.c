/* Starts a box: its group, its pipes, its init, up to the moment before exec. */
#include "sandbox/start.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/machine.h"
#include "sandbox/inside.h"
#include "sandbox/landlock.h"
#include "sandbox/pass.h"
#include "sandbox/policy.h"

enum { NEEDED_DESCRIPTORS = POLICY_EXEC_FD + 64, START_WAIT_MS = 30000 };

int box_fault_set(struct box_fault *fault, const char *step, int error)
{
	(void)snprintf(fault->step, sizeof fault->step, "%s", step);
	fault->error = error;
	return error;
}

int descriptors_raise(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return errno;
	if (limit.rlim_cur >= NEEDED_DESCRIPTORS)
		return 0;
	if (limit.rlim_max < NEEDED_DESCRIPTORS)
		return EMFILE;
	limit.rlim_cur = NEEDED_DESCRIPTORS;
	return setrlimit(RLIMIT_NOFILE, &limit) < 0 ? errno : 0;
}

/* Without a job: the box has everything of its own. Where version 2 holds the limits, its init is
 * born in its group; moving it there would cost more than all else. */
static pid_t clone_alone(const struct cgroup *group)
{
	AUTO_FD int folder = group->kind == CGROUP_UNIFIED
				     ? open(group->unified, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
				     : -1;
	uint64_t flags = BOX_CLONE_FLAGS | (uint64_t)(CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC);
	if (folder >= 0)
		flags |= CLONE_INTO_CGROUP;
	struct clone_args arguments = {
		.flags = flags,
		.exit_signal = SIGCHLD,
		.cgroup = folder >= 0 ? (unsigned)folder : 0u,
	};
	return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}

/* The inner ends of a box's pipes, in the order of a request's first descriptors. */
enum { INNER_CONTROL, INNER_IN, INNER_OUT, INNER_ERR };

static int make_pipes(struct box *box, int inner[REQUEST_FIXED_FDS])
{
	int sockets[2] = { -1, -1 }, out[2] = { -1, -1 }, err[2] = { -1, -1 };
	const int on = 1;
	int error = 0;
	if (pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0 ||
	    setsockopt(sockets[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0)
		error = errno;
	box->control = sockets[0];
	box->output[0] = out[0];
	box->output[1] = err[0];
	inner[INNER_CONTROL] = sockets[1];
	inner[INNER_IN] = box->spec->input >= 0 ? fcntl(box->spec->input, F_DUPFD_CLOEXEC, 0)
						: open("/dev/null", O_RDONLY | O_CLOEXEC);
	inner[INNER_OUT] = out[1];
	inner[INNER_ERR] = err[1];
	return error != 0 ? error : inner[INNER_IN] < 0 ? errno : 0;
}

/* Init by our own hand: it is our child. */
static int start_alone(const struct job *job, struct box *box, const int *inner, const int *fds,
		       size_t fd_count)
{
	const bool two_ids = geteuid() == 0;
	const int abi = landlock_abi();
	int error = descriptors_raise();
	if (error != 0)
		return error;
	(void)fflush(NULL);
	box->init = clone_alone(&box->group);
	if (box->init == 0) {
		/* Init is a copy of us: with our ends in its hands it would never see us go. */
		(void)close(box->control);
		(void)close(box->output[0]);
		(void)close(box->output[1]);
		signals_default();
		init_run(&(const struct seat){ .spec = job->specs,
					       .stdio = inner + 1,
					       .fds = fds,
					       .fd_count = fd_count,
					       .two_ids = two_ids,
					       .alone = true,
					       .held = box->held,
					       .landlock = abi },
			 inner[INNER_CONTROL]);
	}
	if (box->init < 0)
		return errno;
	box->child = true;
	return ids_map_alone(box->init);
}

/* Init by the job's hand: it is the job's child, and we know it by its pid. */
static int start_in_job(const struct job *job, size_t which, struct box *box, const int *inner,
			const int *fds, size_t fd_count)
{
	const struct start_request request = { .which = which,
					       .fd_count = fd_count,
					       .held = box->held };
	struct start_reply reply;
	int all[PASS_FDS_MAX];
	size_t count = 0;
	for (; count < REQUEST_FIXED_FDS; count++)
		all[count] = inner[count];
	for (size_t i = 0; i < fd_count; i++)
		all[count++] = fds[i];
	int error = pass_send(job->control, &request, sizeof request, all, count);
	if (error != 0)
		return error;
	if (recv(job->control, &reply, sizeof reply, 0) != (ssize_t)sizeof reply)
		return ECHILD;
	box->init = reply.init;
	return reply.error;
}

/* From the leave to build the box until its main process waits for box_go. */
static int await_main(struct box *box, struct box_fault *fault)
{
	/* Init waits for our leave, so this pid is still its own; a number could be another's later
	 * on. */
	box->init_handle = (int)syscall(SYS_pidfd_open, box->init, 0);
	if (box->init_handle < 0)
		return box_fault_set(fault, "hold on to init", errno);
	int error = box->child && box->group.kind == CGROUP_UNIFIED
			    ? 0
			    : cgroup_join(&box->group, box->init);
	if (error != 0)
		return box_fault_set(fault, "join the control groups", error);
	box_go(box);
	struct pollfd said = { .fd = box->control, .events = POLLIN };
	while (box->main < 0) {
		if (poll(&said, 1, START_WAIT_MS * (int)machine_factor()) == 0)
			return box_fault_set(fault, "wait for the box", ETIMEDOUT);
		enum box_event event = box_read(box, false, fault);
		if (event == BOX_EVENT_FAULT)
			return fault->error;
		if (event == BOX_EVENT_GONE)
			return box_fault_set(fault, "start the box", ECHILD);
	}
	return 0;
}

/* NOLINTNEXTLINE(readability-function-size): a list and its length are two of the seven */
int job_start(struct job *job, size_t which, bool held, const int *fds, size_t fd_count,
	      struct box *box, struct box_fault *fault)
{
	const struct box_spec *spec = &job->specs[which];
	(void)machine_factor(); /* known before there are children */
	*box = (struct box){ .spec = spec,
			     .init = -1,
			     .main = -1,
			     .init_handle = -1,
			     .held = held,
			     .control = -1,
			     .output = { -1, -1 },
			     .dirs = { -1, -1, -1 } };
	guard_init(&box->guard, policy_has_rings(spec->policy));
	if (fd_count > JOB_FDS_MAX)
		return box_fault_set(fault, "pass descriptors", EMFILE);
	const unsigned tasks = spec->limits.tasks > 0 ? spec->limits.tasks : 64;
	int error = cgroup_create(&box->group, box_memory_bytes(spec),
				  tasks + 1); /* init is one of them */
	if (error != 0)
		return box_fault_set(fault, "make a control group", error);
	int inner[REQUEST_FIXED_FDS] = { -1, -1, -1, -1 };
	error = make_pipes(box, inner);
	if (error != 0) {
		(void)box_fault_set(fault, "make pipes", error);
	} else {
		error = job->alone ? start_alone(job, box, inner, fds, fd_count)
				   : start_in_job(job, which, box, inner, fds, fd_count);
		if (error != 0)
			(void)box_fault_set(fault, "make the box's namespaces", error);
	}
	for (size_t i = 0; i < REQUEST_FIXED_FDS; i++) /* so that its end is the end of init */
		if (inner[i] >= 0)
			(void)close(inner[i]);
	return error != 0 ? error : await_main(box, fault);
}
