/* One child, its core, its output. */
#include "batch/slot.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"

int *slot_cores(size_t *count)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof set, &set) != 0)
		die_errno(errno, "cannot find out which cores there are");
	int *cores = must_alloc((size_t)CPU_SETSIZE * sizeof *cores);
	*count = 0;
	for (int core = 0; core < CPU_SETSIZE; core++)
		if (CPU_ISSET((size_t)core, &set))
			cores[(*count)++] = core;
	return cores;
}

void slot_init(struct slot *slot, unsigned number, int core)
{
	*slot = (struct slot){ .number = number, .core = core, .ended = -1, .output = -1 };
	slot->log = must_alloc(SLOT_LOG_BYTES);
}

void slot_fini(struct slot *slot)
{
	free(slot->log);
	free(slot->folder);
	*slot = (struct slot){ .ended = -1, .output = -1 };
}

/* Between fork and exec. */
_Noreturn static void become(const struct slot *slot, int output, pid_t parent,
			     const struct words *argv)
{
	cpu_set_t set;
	sigset_t none;
	CPU_ZERO(&set);
	CPU_SET((size_t)slot->core, &set);
	(void)sigemptyset(&none);
	const int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (setpgid(0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent ||
	    sched_setaffinity(0, sizeof set, &set) != 0 || input < 0 || dup2(input, 0) < 0 ||
	    dup2(output, 1) < 0 || dup2(output, 2) < 0 ||
	    sigprocmask(SIG_SETMASK, &none, NULL) != 0)
		_exit(2);
	(void)execv(argv->item[0], argv->item);
	static const char text[] = "the grader cannot be started\n";
	(void)!write(2, text, sizeof text - 1);
	_exit(2);
}

int slot_start(struct slot *slot, const struct words *argv)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return errno;
	/* Blocking for who writes. */
	(void)fcntl(ends[1], F_SETFL, 0);
	const pid_t parent = getpid();
	const pid_t pid = fork();
	if (pid == 0)
		become(slot, ends[1], parent, argv);
	const int error = errno;
	(void)close(ends[1]);
	if (pid < 0) {
		(void)close(ends[0]);
		return error;
	}
	(void)setpgid(pid, pid); /* whoever of the two comes first */
	slot->ended = (int)syscall(SYS_pidfd_open, pid, 0);
	if (slot->ended < 0)
		die_errno(errno, "cannot watch a child");
	(void)fcntl(slot->ended, F_SETFD, FD_CLOEXEC);
	slot->output = ends[0];
	slot->pid = pid;
	slot->log_bytes = 0;
	slot->started_us = clock_us();
	return 0;
}

void slot_drain(struct slot *slot)
{
	char rest[4096];
	while (slot->output >= 0) {
		const size_t room = SLOT_LOG_BYTES - slot->log_bytes;
		const ssize_t n = room > 0 ? read(slot->output, slot->log + slot->log_bytes, room)
					   : read(slot->output, rest, sizeof rest);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			(void)close(slot->output);
			slot->output = -1;
			return;
		}
		slot->log_bytes += room > 0 ? (size_t)n : 0;
	}
}

void slot_reap(struct slot *slot, struct slot_end *end)
{
	struct rusage usage = { 0 };
	*end = (struct slot_end){ 0 };
	pid_t pid;
	do
		pid = wait4(slot->pid, &end->status, 0, &usage);
	while (pid < 0 && errno == EINTR);
	if (pid != slot->pid)
		die_errno(errno, "lost a child");
	(void)kill(-slot->pid, SIGKILL); /* mostly there is nobody left */
	slot_drain(slot);
	if (slot->output >= 0)
		(void)close(slot->output);
	(void)close(slot->ended);
	end->wall_ms = (long long)((clock_us() - slot->started_us) / 1000);
	end->peak_kib = usage.ru_maxrss;
	slot->output = -1;
	slot->ended = -1;
	slot->pid = 0;
}

void slot_kill(struct slot *slot)
{
	if (slot->pid > 0)
		(void)kill(-slot->pid, SIGKILL);
}
