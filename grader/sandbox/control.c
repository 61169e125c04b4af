/* What a running box says, what is asked of it, and its end. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/machine.h"
#include "sandbox/inside.h"
#include "sandbox/pass.h"
#include "sandbox/start.h"
#include "sandbox/tasks.h"

void box_go(struct box *box)
{
	(void)send(box->control, "g", 1, MSG_NOSIGNAL); /* if init has gone, box_read says so */
}

/* The writable folders, from the descriptor `next` on. */
static void take_dirs(struct box *box, int which, struct passed *passed, size_t next)
{
	for (size_t i = 0; i < BOX_DIRS; i++)
		if ((which & 1 << i) != 0 && next < passed->fd_count && box->dirs[i] < 0)
			box->dirs[i] = take_fd(&passed->fds[next++]);
}

/* Takes what `message` brings along out of *passed; what it leaves there is closed by the caller.
 */
static enum box_event take_message(struct box *box, const struct control_message *message,
				   struct passed *passed, struct box_fault *fault)
{
	switch (message->kind) {
	case CONTROL_MAIN:
		box->main = passed->sender;
		take_dirs(box, message->value, passed, 0);
		return BOX_EVENT_NONE;
	case CONTROL_FILTERED:
		if (box->main < 0 && !box->held) /* nobody wanted to know it earlier */
			box->main = passed->sender;
		if (passed->sender != box->main || passed->fd_count == 0 ||
		    box->guard.listener >= 0) {
			(void)box_fault_set(fault, "take the filter's listener", EPROTO);
			return BOX_EVENT_FAULT;
		}
		box->guard.listener = take_fd(&passed->fds[0]);
		take_dirs(box, message->value, passed, 1);
		if (box->held) /* it has waited for its tracer, and has no more to wait for */
			box_go(box);
		return BOX_EVENT_NONE;
	case CONTROL_EXECUTED:
		box->executed = true;
		return BOX_EVENT_EXECUTED;
	case CONTROL_ENDED:
		box->ended = true;
		box->wait_status = message->value;
		return BOX_EVENT_ENDED;
	case CONTROL_FAULT:
		(void)box_fault_set(fault, message->step, message->value);
		return BOX_EVENT_FAULT;
	}
	return BOX_EVENT_GONE;
}

enum box_event box_read(struct box *box, bool wait, struct box_fault *fault)
{
	struct control_message message;
	struct passed passed;
	ssize_t count = pass_receive(box->control, &message, sizeof message, &passed,
				     wait ? 0 : MSG_DONTWAIT);
	if (count == -EAGAIN)
		return BOX_EVENT_NONE;
	enum box_event event = BOX_EVENT_GONE;
	if (count == (ssize_t)sizeof message) {
		message.step[sizeof message.step - 1] = '\0';
		event = take_message(box, &message, &passed, fault);
	}
	for (size_t i = 0; count >= 0 && i < passed.fd_count; i++)
		if (passed.fds[i] >= 0)
			(void)close(passed.fds[i]);
	box->gone = box->gone || event == BOX_EVENT_GONE;
	return event;
}

/* Init's end is the end of its PID namespace: the kernel lets it die last. */
void box_kill(const struct box *box)
{
	if (box->init_handle >= 0)
		(void)syscall(SYS_pidfd_send_signal, box->init_handle, SIGKILL, NULL, 0);
}

bool box_guard(struct box *box)
{
	if (guard_serve(&box->guard) == GUARD_FINE)
		return false;
	box_kill(box);
	return true;
}

void box_end(const struct box *box)
{
	enum { END_WAIT_MS = 10000 };
	struct pollfd gone = { .fd = box->init_handle, .events = POLLIN };
	box_kill(box);
	if (box->init_handle >= 0)
		(void)poll(&gone, 1, END_WAIT_MS * (int)machine_factor());
}

/* The folders of a box stay readable through our descriptors after its mounts are gone. */
void box_account(const struct box *box, struct box_usage *usage)
{
	*usage = (struct box_usage){ 0 };
	cgroup_usage(&box->group, &usage->group);
	for (size_t i = 0; i < BOX_DIRS; i++) {
		struct statfs disk;
		if (box->dirs[i] < 0 || fstatfs(box->dirs[i], &disk) < 0)
			continue;
		usage->disk_kib += (uint64_t)(disk.f_blocks - disk.f_bfree) *
				   (uint64_t)disk.f_bsize / 1024;
		usage->inodes += (uint64_t)(disk.f_files - disk.f_ffree) - 1; /* its own folder */
	}
}

unsigned box_processes(const struct box *box)
{
	static struct task list[TASKS_MAX]; /* large; [MT-Confined] as all of job.h */
	bool cut;
	unsigned processes = 0;
	size_t count = box->gone ? 0 : tasks_list(box->init, list, TASKS_MAX, &cut);
	for (size_t i = 0; i < count; i++)
		processes += list[i].pid == list[i].process && list[i].state != 'Z' &&
			     list[i].state != 'X';
	return processes;
}

enum box_excess box_excess(const struct box *box)
{
	const struct box_limits *limits = &box->spec->limits;
	uint64_t cpu_us = 0;
	bool memory = false;
	if (box->group.kind != CGROUP_NONE) {
		struct cgroup_usage usage;
		cgroup_usage(&box->group, &usage);
		cpu_us = usage.cpu_us;
		memory = usage.oom;
	} else {
		struct tasks_sum sum;
		tasks_sum(box->init, &sum);
		cpu_us = sum.cpu_us;
		memory = sum.memory_kib > box_memory_bytes(box->spec) / 1024;
	}
	return memory                                 ? BOX_EXCESS_MEMORY
	       : cpu_us > box_cpu_s(limits) * 1000000 ? BOX_EXCESS_CPU
						      : BOX_EXCESS_NONE;
}

uint64_t box_cpu_s(const struct box_limits *limits)
{
	const unsigned cpu_s = limits->cpu_s > 0 ? limits->cpu_s : BOX_DEFAULT_CPU_S;
	return (uint64_t)cpu_s * machine_factor();
}

uint64_t box_memory_bytes(const struct box_spec *spec)
{
	return spec->limits.memory_bytes > 0 ? spec->limits.memory_bytes
					     : (uint64_t)BOX_DEFAULT_MEMORY_MIB << 20;
}

void box_destroy(struct box *box)
{
	box_end(box);
	cgroup_destroy(&box->group);
	guard_close(&box->guard);
	if (box->child && box->init > 0)
		(void)waitpid(box->init, NULL, 0);
	int *const descriptors[] = { &box->init_handle,       &box->control,
				     &box->output[0],         &box->output[1],
				     &box->dirs[BOX_DIR_OUT], &box->dirs[BOX_DIR_SHM],
				     &box->dirs[BOX_DIR_TMP] };
	for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++)
		if (*descriptors[i] >= 0)
			(void)close(take_fd(descriptors[i]));
	box->init = -1;
}
