/* PID 1 of a box: builds it, starts the program, reaps, and tells the runner what happened. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/inside.h"
#include "sandbox/pass.h"
#include "sandbox/policy.h"

enum { MAIN_STACK_BYTES = 64 << 10 };

static void tell(int control, enum control_kind kind, int value, const char *step)
{
	struct control_message message = { .kind = kind, .value = value };
	(void)snprintf(message.step, sizeof message.step, "%s", step);
	(void)pass_send(control, &message, sizeof message, NULL,
			0); /* a runner that is gone ends us by PR_SET_PDEATHSIG */
}

/* One byte of leave: the runner has written the maps, joined the groups, seized the task. 0 or
 * errno. */
static int await_leave(int control)
{
	char byte;
	ssize_t count;
	do {
		count = recv(control, &byte, 1, 0);
	} while (count < 0 && errno == EINTR);
	return count == 1 ? 0 : count == 0 ? EPIPE : errno;
}

struct child {
	const struct seat *seat;
	int control;
	const int *dirs;
	bool failed;
};

/* Above the descriptors that the program lays out; -1 stays -1. */
static int keep(int fd)
{
	return fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, POLICY_EXEC_FD + 1) : -1;
}

/* The child of init: waits for its tracer if there is to be one, and executes. The kernel tells the
 * runner its pid along with its first message. It borrows init's memory until then (CLONE_VM |
 * CLONE_VFORK): a copy of it would cost more than the rest of the set-up. Only our own code runs in
 * it. */
static int main_run(void *context)
{
	struct child *child = context;
	const int none[BOX_DIRS] = { -1, -1, -1 };
	const char *step = "start the program";
	/* Else an ordinary user could neither trace main nor take its filter's listener. */
	(void)prctl(PR_SET_DUMPABLE, 1);
	int error, dirs[BOX_DIRS] = { -1, -1, -1 };
	const int control = keep(child->control);
	if (control < 0) {
		error = errno;
	} else if (child->seat->held) {
		error = main_tell(control, CONTROL_MAIN, -1, child->dirs);
		if (error == 0)
			error = await_leave(control);
		if (error == 0)
			error = program_execute(child->seat, control, none, &step);
	} else {
		for (size_t i = 0; i < BOX_DIRS; i++)
			dirs[i] = keep(child->dirs[i]);
		error = program_execute(child->seat, control, dirs, &step);
	}
	child->failed = true;
	tell(control >= 0 ? control : child->control, CONTROL_FAULT, error, step);
	_exit(1);
}

/* Returns when main has executed its program, or has ended. */
static pid_t start_main(struct child *child)
{
	static _Alignas(16) char stack[MAIN_STACK_BYTES]; /* one main a process */
	return clone(main_run, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, child);
}

/* Reaps whatever ends, orphans of the program too, until the box is torn down from outside. */
static _Noreturn void reap(int control, pid_t program)
{
	for (;;) {
		int status;
		pid_t pid = waitpid(-1, &status, 0);
		if (pid == program)
			tell(control, CONTROL_ENDED, status, "");
		if (pid < 0 && errno == ECHILD)
			_exit(0);
	}
}

/* What makes an init worth attacking is what it may do in its namespaces: from here on nothing. (A
 * filter of its own would cost each box a tenth of a millisecond more, and hold less.) */
static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct none[2] = { { 0 } };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return errno;
	return syscall(SYS_capset, &header, none) < 0 ? errno : 0;
}

static _Noreturn void fail(int control, int error, const char *step)
{
	tell(control, CONTROL_FAULT, error, step);
	_exit(1);
}

_Noreturn void init_run(const struct seat *seat, int control)
{
	if (await_leave(control) != 0)
		_exit(1); /* there is no runner to tell */
	(void)signal(SIGCHLD, SIG_DFL);
	if (setsid() < 0)
		fail(control, errno, "begin a session");
	if (seat->two_ids && (setresgid(INSIDE_INIT_ID, INSIDE_INIT_ID, INSIDE_INIT_ID) < 0 ||
			      setresuid(INSIDE_INIT_ID, INSIDE_INIT_ID, INSIDE_INIT_ID) < 0))
		fail(control, errno, "change to the box's user");
	/* After the change of uid, which would clear it. The job dies with the runner, and we with
	 * the job. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		fail(control, errno, "die with the runner");
	/* It may have died before it could be told to. */
	struct pollfd runner = { .fd = control };
	if (poll(&runner, 1, 0) != 0)
		_exit(1);
	const char *step = "bring the loopback up";
	int error = seat->alone ? network_enter(policy_has_sockets(seat->spec->policy)) : 0;
	int dirs[BOX_DIRS] = { -1, -1, -1 };
	if (error == 0)
		error = seat->alone ? root_enter(seat->spec, dirs, &step)
				    : root_enter_prepared(seat->spec, seat->which, dirs, &step);
	if (error != 0)
		fail(control, error, step);
	struct child child = { .seat = seat, .control = control, .dirs = dirs };
	pid_t program = start_main(&child);
	if (program < 0)
		fail(control, errno, "fork the program");
	if (child.failed) /* and has said why */
		_exit(1);
	for (size_t i = 0; i < 3; i++)
		(void)close(seat->stdio[i]);
	for (size_t i = 0; i < seat->fd_count; i++)
		(void)close(seat->fds[i]);
	for (size_t i = 0; i < BOX_DIRS; i++)
		if (dirs[i] >= 0)
			(void)close(dirs[i]);
	const int error_of_drop = drop_capabilities();
	if (error_of_drop != 0)
		fail(control, error_of_drop, "drop init's capabilities");
	if (!seat->alone)
		tell(control, CONTROL_EXECUTED, 0, "");
	reap(control, program);
}
