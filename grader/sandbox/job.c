/* The job: a process that owns the network and starts boxes in it. */
#include "sandbox/job.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "sandbox/inside.h"
#include "sandbox/pass.h"
#include "sandbox/policy.h"

enum { NEEDED_DESCRIPTORS = POLICY_EXEC_FD + 64 };

/* What the runner asks of the job; descriptors: control socket, stdin, stdout, stderr, then the
 * program's. */
struct start_request {
	size_t which, fd_count;
};
struct start_reply {
	pid_t init;
	int error;
};
enum { REQUEST_FIXED_FDS = 4 };
static_assert(REQUEST_FIXED_FDS + JOB_FDS_MAX <= PASS_FDS_MAX, "a request must fit");

static int fault_set(struct box_fault *fault, const char *step, int error)
{
	(void)snprintf(fault->step, sizeof fault->step, "%s", step);
	fault->error = error;
	return error;
}

static int loopback_up(void)
{
	AUTO_FD int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno;
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	return ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? errno : 0;
}

static pid_t clone_box(void)
{
	struct clone_args arguments = {
		.flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC |
			 CLONE_NEWCGROUP,
		.exit_signal = SIGCHLD,
	};
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
						       .stdio = passed->fds + 1,
						       .fds = passed->fds + REQUEST_FIXED_FDS,
						       .fd_count = request->fd_count,
						       .two_ids = two_ids },
				 passed->fds[0]);
		}
		reply = (struct start_reply){ .init = pid,
					      .error = pid < 0 ? errno
							       : ids_map_box(pid, two_ids) };
	}
	for (size_t i = 0; i < passed->fd_count; i++)
		(void)close(passed->fds[i]);
	(void)send(job->control, &reply, sizeof reply, MSG_NOSIGNAL);
}

static _Noreturn void job_run(const struct job *job, bool two_ids)
{
	char leave;
	if (recv(job->control, &leave, 1, 0) != 1)
		_exit(1);
	int error = 0;
	if (two_ids && (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0))
		error = errno;
	if (error == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		error = errno;
	/* A change of uid made us undumpable, and then nobody could write the maps of our children.
	 */
	if (error == 0 && prctl(PR_SET_DUMPABLE, 1) < 0)
		error = errno;
	if (error == 0)
		error = loopback_up();
	if (error == 0 && sethostname("lab", 3) < 0)
		error = errno;
	(void)signal(SIGCHLD,
		     SIG_IGN); /* the ends of boxes are told by their inits: nobody waits here */
	(void)send(job->control, &error, sizeof error, MSG_NOSIGNAL);
	struct start_request request;
	struct passed passed;
	while (pass_receive(job->control, &request, sizeof request, &passed, 0) ==
	       (ssize_t)sizeof request)
		job_serve(job, two_ids, &request, &passed);
	_exit(0);
}

/* Descriptors up to POLICY_EXEC_FD are used inside: the soft limit must allow them. */
static int raise_descriptor_limit(void)
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

int job_open(struct job *job, const struct box_spec *specs, size_t count, struct box_fault *fault)
{
	int sockets[2];
	*job = (struct job){ .pid = -1, .control = -1, .specs = specs, .count = count };
	policy_prepare();
	(void)cgroup_host();
	int error = raise_descriptor_limit();
	if (error != 0)
		return fault_set(fault, "raise the limit of open files", error);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0)
		return fault_set(fault, "make a socket", errno);
	bool two_ids = geteuid() == 0;
	struct clone_args arguments = {
		.flags = CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS,
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
		return fault_set(fault, "make user and network namespaces", error);
	}
	error = ids_map_job(pid);
	int answer = 0;
	if (error == 0 && (send(job->control, "g", 1, MSG_NOSIGNAL) != 1 ||
			   recv(job->control, &answer, sizeof answer, 0) != (ssize_t)sizeof answer))
		error = ECHILD;
	if (error != 0 || answer != 0) {
		job_close(job);
		return fault_set(fault, error != 0 ? "map users" : "bring the loopback up",
				 error != 0 ? error : answer);
	}
	return 0;
}

int job_start(struct job *job, size_t which, const int *fds, size_t fd_count, struct box *box,
	      struct box_fault *fault)
{
	const struct box_spec *spec = &job->specs[which];
	*box = (struct box){ .spec = spec,
			     .init = -1,
			     .main = -1,
			     .init_handle = -1,
			     .control = -1,
			     .output = { -1, -1 },
			     .out_dir = -1,
			     .shm_dir = -1 };
	if (fd_count > JOB_FDS_MAX)
		return fault_set(fault, "pass descriptors", EMFILE);
	uint64_t memory = spec->limits.memory_bytes > 0 ? spec->limits.memory_bytes : 256u << 20;
	unsigned tasks = spec->limits.tasks > 0 ? spec->limits.tasks : 64;
	int error = cgroup_create(&box->group, memory, tasks + 1); /* init is one of them */
	if (error != 0)
		return fault_set(fault, "make a control group", error);
	AUTO_FD int null = spec->input >= 0 ? -1 : open("/dev/null", O_RDONLY | O_CLOEXEC);
	int sockets[2] = { -1, -1 }, out[2] = { -1, -1 }, err[2] = { -1, -1 };
	if (pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0)
		error = errno;
	box->control = sockets[0];
	box->output[0] = out[0];
	box->output[1] = err[0];
	const int on = 1;
	if (error == 0 && setsockopt(box->control, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0)
		error = errno;
	AUTO_FD int inner_control = sockets[1];
	AUTO_FD int inner_out = out[1];
	AUTO_FD int inner_err = err[1];
	if (error != 0)
		return fault_set(fault, "make pipes", error);

	struct start_request request = { .which = which, .fd_count = fd_count };
	int all[PASS_FDS_MAX] = { inner_control, spec->input >= 0 ? spec->input : null, inner_out,
				  inner_err };
	size_t count = REQUEST_FIXED_FDS;
	for (size_t i = 0; i < fd_count; i++)
		all[count++] = fds[i];
	struct start_reply reply;
	error = pass_send(job->control, &request, sizeof request, all, count);
	if (error == 0 && recv(job->control, &reply, sizeof reply, 0) != (ssize_t)sizeof reply)
		error = ECHILD;
	if (error != 0)
		return fault_set(fault, "ask the job", error);
	box->init = reply.init;
	if (reply.error != 0)
		return fault_set(fault, "make the box's namespaces", reply.error);
	/* Init waits for our leave, so this pid is still its own; a number could be another's later
	 * on. */
	box->init_handle = (int)syscall(SYS_pidfd_open, box->init, 0);
	if (box->init_handle < 0)
		return fault_set(fault, "hold on to init", errno);
	error = cgroup_join(&box->group, box->init);
	if (error != 0)
		return fault_set(fault, "join the control groups", error);
	(void)close(take_fd(&inner_control)); /* so that its end is the end of init */
	box_go(box);
	while (box->main < 0) {
		enum box_event event = box_read(box, true, fault);
		if (event == BOX_EVENT_FAULT)
			return fault->error;
		if (event == BOX_EVENT_GONE)
			return fault_set(fault, "start the box", ECHILD);
	}
	return 0;
}

void box_go(struct box *box)
{
	(void)send(box->control, "g", 1, MSG_NOSIGNAL); /* if init has gone, box_read says so */
}

enum box_event box_read(struct box *box, bool wait, struct box_fault *fault)
{
	struct control_message message;
	struct passed passed;
	ssize_t count = pass_receive(box->control, &message, sizeof message, &passed,
				     wait ? 0 : MSG_DONTWAIT);
	if (count == -EAGAIN)
		return BOX_EVENT_NONE;
	if (count != (ssize_t)sizeof message) {
		box->gone = true;
		return BOX_EVENT_GONE;
	}
	message.step[sizeof message.step - 1] = '\0';
	switch (message.kind) {
	case CONTROL_READY: {
		size_t next = 0;
		if ((message.value & 1) != 0 && next < passed.fd_count)
			box->out_dir = passed.fds[next++];
		if ((message.value & 2) != 0 && next < passed.fd_count)
			box->shm_dir = passed.fds[next++];
		return BOX_EVENT_NONE;
	}
	case CONTROL_MAIN:
		box->main = passed.sender;
		return BOX_EVENT_NONE;
	case CONTROL_EXECUTED:
		box->executed = true;
		return BOX_EVENT_EXECUTED;
	case CONTROL_ENDED:
		box->ended = true;
		box->wait_status = message.value;
		return BOX_EVENT_ENDED;
	case CONTROL_FAULT:
		(void)fault_set(fault, message.step, message.value);
		return BOX_EVENT_FAULT;
	}
	return BOX_EVENT_GONE;
}

/* Init's end is the end of its PID namespace: the kernel lets it die last. */
void box_kill(const struct box *box)
{
	if (box->init_handle >= 0)
		(void)syscall(SYS_pidfd_send_signal, box->init_handle, SIGKILL, NULL, 0);
}

void box_end(const struct box *box)
{
	enum { END_WAIT_MS = 10000 };
	struct pollfd gone = { .fd = box->init_handle, .events = POLLIN };
	box_kill(box);
	if (box->init_handle >= 0)
		(void)poll(&gone, 1, END_WAIT_MS);
}

void box_destroy(struct box *box)
{
	box_end(box);
	cgroup_destroy(&box->group);
	int *const descriptors[] = { &box->init_handle, &box->control, &box->output[0],
				     &box->output[1], &box->shm_dir };
	for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++)
		if (*descriptors[i] >= 0)
			(void)close(take_fd(descriptors[i]));
	box->init = -1;
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
