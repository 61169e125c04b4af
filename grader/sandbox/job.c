/* The job: a process that owns the network and the roots of its boxes, and starts boxes in them. */
#include "sandbox/job.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/machine.h"
#include "sandbox/inside.h"
#include "sandbox/landlock.h"
#include "sandbox/pass.h"
#include "sandbox/start.h"

/* In the job: a box below its network. */
static pid_t clone_box(void)
{
	struct clone_args arguments = { .flags = BOX_CLONE_FLAGS, .exit_signal = SIGCHLD };
	return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}

static void job_serve(const struct job *job, bool two_ids, const struct start_request *request,
		      const struct passed *passed)
{
	struct start_reply reply = { .init = -1, .error = EPROTO };
	if (request->which < job->count &&
	    passed->fd_count == REQUEST_FIXED_FDS + request->fd_count) {
		pid_t pid = clone_box();
		if (pid == 0) {
			(void)close(job->control);
			init_run(&(const struct seat){ .spec = &job->specs[request->which],
						       .which = request->which,
						       .stdio = passed->fds + 1,
						       .fds = passed->fds + REQUEST_FIXED_FDS,
						       .fd_count = request->fd_count,
						       .two_ids = two_ids,
						       .held = request->held,
						       .landlock = landlock_abi() },
				 passed->fds[0]);
		}
		reply = (struct start_reply){
			.init = pid,
			.error = pid < 0 ? errno : ids_map_box(pid, two_ids, request->which)
		};
	}
	for (size_t i = 0; i < passed->fd_count; i++)
		(void)close(passed->fds[i]);
	(void)send(job->control, &reply, sizeof reply, MSG_NOSIGNAL);
}

static _Noreturn void job_run(const struct job *job, bool two_ids)
{
	char leave;
	signals_default(); /* once for all boxes */
	if (recv(job->control, &leave, 1, 0) != 1)
		_exit(1);
	struct box_fault fault = { .error = 0 };
	const char *step = "become the job's user";
	if (two_ids && (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0))
		fault.error = errno;
	if (fault.error == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		fault.error = errno;
	/* A change of uid made us undumpable, and then nobody could write the maps of our children.
	 */
	if (fault.error == 0 && prctl(PR_SET_DUMPABLE, 1) < 0)
		fault.error = errno;
	if (fault.error == 0) {
		step = "bring the loopback up";
		fault.error = network_enter(true);
	}
	if (fault.error == 0)
		fault.error = roots_prepare(job->specs, job->count, &step);
	(void)signal(SIGCHLD,
		     SIG_IGN); /* the ends of boxes are told by their inits: nobody waits here */
	(void)box_fault_set(&fault, step, fault.error);
	(void)send(job->control, &fault, sizeof fault, MSG_NOSIGNAL);
	struct start_request request;
	struct passed passed;
	while (pass_receive(job->control, &request, sizeof request, &passed, 0) ==
	       (ssize_t)sizeof request)
		job_serve(job, two_ids, &request, &passed);
	_exit(0);
}

int job_open(struct job *job, const struct box_spec *specs, size_t count, struct box_fault *fault)
{
	int sockets[2];
	*job = (struct job){ .pid = -1, .control = -1, .specs = specs, .count = count };
	assert(count <= JOB_BOXES_MAX);
	(void)cgroup_host();
	(void)landlock_abi();
	(void)machine_factor();
	int error = descriptors_raise();
	if (error != 0)
		return box_fault_set(fault, "raise the limit of open files", error);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0)
		return box_fault_set(fault, "make a socket", errno);
	bool two_ids = geteuid() == 0;
	struct clone_args arguments = {
		.flags = CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS,
		.exit_signal = SIGCHLD,
	};
	(void)fflush(NULL);
	pid_t pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
	if (pid == 0) {
		(void)close(sockets[0]);
		job->control = sockets[1];
		job_run(job, two_ids);
	}
	error = pid < 0 ? errno : 0;
	(void)close(sockets[1]);
	job->control = sockets[0];
	job->pid = pid;
	if (error != 0) {
		job_close(job);
		return box_fault_set(fault, "make user and network namespaces", error);
	}
	error = ids_map_job(pid);
	if (error != 0) {
		job_close(job);
		return box_fault_set(fault, "map users", error);
	}
	if (send(job->control, "g", 1, MSG_NOSIGNAL) != 1 ||
	    recv(job->control, fault, sizeof *fault, 0) != (ssize_t)sizeof *fault)
		(void)box_fault_set(fault, "prepare the job", ECHILD);
	if (fault->error != 0) {
		job_close(job);
		return fault->error;
	}
	return 0;
}

void job_open_alone(struct job *job, const struct box_spec *spec)
{
	*job = (struct job){ .alone = true, .pid = -1, .control = -1, .specs = spec, .count = 1 };
}

void job_close(struct job *job)
{
	if (job->control >= 0)
		(void)close(job->control);
	if (job->pid > 0) {
		(void)kill(job->pid, SIGKILL);
		(void)waitpid(job->pid, NULL, 0);
	}
	*job = (struct job){ .pid = -1, .control = -1 };
}
