/* The tracer's loop: one stop at a time, each told apart by its wait status. */
#include "run/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "sandbox/procfs.h"

enum {
	STOP_SYSCALL = SIGTRAP | 0x80,
	OPTIONS = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE |
		  PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC |
		  PTRACE_O_TRACEEXIT,
};

bool trace_read(pid_t pid, uint64_t address, void *to, size_t bytes)
{
	struct iovec local = { to, bytes }, remote = { (void *)(uintptr_t)address,
						       bytes }; // NOLINT(performance-no-int-to-ptr)
	return process_vm_readv(pid, &local, 1, &remote, 1, 0) == (ssize_t)bytes;
}

/* Through /proc, which may write text as well and needs no stop. */
bool trace_write(pid_t pid, uint64_t address, const void *from, size_t bytes)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/%d/mem", pid);
	AUTO_FD int fd = open(path, O_RDWR | O_CLOEXEC);
	return fd >= 0 && pwrite(fd, from, bytes, (off_t)address) == (ssize_t)bytes;
}

bool trace_registers(pid_t pid, struct user_regs_struct *registers)
{
	return ptrace(PTRACE_GETREGS, pid, NULL, registers) == 0;
}

bool trace_set_registers(pid_t pid, const struct user_regs_struct *registers)
{
	return ptrace(PTRACE_SETREGS, pid, NULL, registers) == 0;
}

struct tracee *trace_find(struct tracer *tracer, pid_t pid)
{
	for (size_t i = 0; i < tracer->task_count; i++)
		if (tracer->tasks[i].pid == pid)
			return &tracer->tasks[i];
	return NULL;
}

/* A child may be seen before its parent's fork event, or after: whoever comes first adds it. */
static struct tracee *find_or_add(struct tracer *tracer, pid_t pid)
{
	struct tracee *task = trace_find(tracer, pid);
	if (task != NULL || tracer->task_count == TRACE_TASKS_MAX)
		return task;
	task = &tracer->tasks[tracer->task_count++];
	*task = (struct tracee){ .pid = pid, .call = -1 };
	return task;
}

static void forget(struct tracer *tracer, pid_t pid)
{
	struct tracee *task = trace_find(tracer, pid);
	if (task != NULL)
		*task = tracer->tasks[--tracer->task_count];
}

void trace_resume(struct tracer *tracer, struct tracee *task, int signo)
{
	bool stepping = task->step == STEP_RUNNING || task->handler_depth > 0 ||
			(tracer->handlers && signo != 0);
	enum __ptrace_request how = tracer->ending ? PTRACE_CONT
				    : stepping     ? PTRACE_SINGLESTEP
						   : PTRACE_SYSCALL;
	(void)ptrace(how, task->pid, NULL,
		     (void *)(intptr_t)signo); // NOLINT(performance-no-int-to-ptr)
}

/* Where the program's address 0 lies: the lowest mapping of a file, just after exec. (The vdso may
 * lie lower still.) */
static uint64_t load_base(pid_t pid)
{
	char text[4096];
	if (!proc_read(pid, "maps", text, sizeof text))
		return 0;
	/* start-end permissions offset device inode path */
	for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL;) {
		const char *at = line;
		for (int field = 0; field < 4 && at != NULL; field++)
			at = strchr(at + 1, ' ');
		if (at != NULL && strtoull(at, NULL, 10) != 0)
			return strtoull(line, NULL, 16);
	}
	return 0;
}

static void on_call(struct tracer *tracer, struct tracee *task)
{
	struct __ptrace_syscall_info info;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, task->pid, (void *)sizeof info, &info) <=
	    0) // NOLINT(performance-no-int-to-ptr)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		uint64_t a[6];
		for (size_t i = 0; i < 6; i++)
			a[i] = info.entry.args[i];
		task->in_call = true;
		calls_enter(tracer, task, (int)info.entry.nr, a, info.stack_pointer);
		inject_enter(tracer, task, (int)info.entry.nr, a, info.instruction_pointer,
			     info.stack_pointer);
		return;
	}
	if (info.op != PTRACE_SYSCALL_INFO_EXIT || !task->in_call)
		return; /* a new child leaves the fork that it never entered */
	task->in_call = false;
	if (task->call >= 0) {
		struct trace_call *call = &tracer->calls[task->call];
		call->result = task->fake_error != 0 ? -task->fake_error : info.exit.rval;
		call->done = true;
	}
	inject_leave(tracer, task);
	task->call = -1;
}

static void on_event(struct tracer *tracer, struct tracee *task, int event)
{
	unsigned long value = 0;
	switch (event) {
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		if (ptrace(PTRACE_GETEVENTMSG, task->pid, NULL, &value) == 0) {
			struct trace_call *call = calls_add(tracer, TRACE_FORK, task->pid);
			if (call != NULL)
				call->result = (int64_t)value;
			(void)find_or_add(tracer, (pid_t)value);
		}
		break;
	case PTRACE_EVENT_EXEC:
		tracer->base = load_base(task->pid);
		break;
	case PTRACE_EVENT_EXIT:
		task->step = STEP_NONE; /* killed while it was held, perhaps */
		task->handler_depth = 0;
		if (task->pid == tracer->main && !tracer->ending)
			tracer->on_exit(tracer->context);
		break;
	default:
		break;
	}
}

/* A trap that is no event: a step of ours, a breakpoint of ours, or the program's own int3. */
static bool on_trap(struct tracer *tracer, struct tracee *task)
{
	siginfo_t info = { 0 };
	(void)ptrace(PTRACE_GETSIGINFO, task->pid, NULL, &info);
	if (handler_trap(tracer, task, info.si_code) || step_trap(tracer, task))
		return true;
	return info.si_code == TRAP_TRACE || info.si_code == SIGTRAP;
}

static void on_stop(struct tracer *tracer, pid_t pid, int status)
{
	const int signo = WSTOPSIG(status), event = status >> 16;
	struct tracee *task = find_or_add(tracer, pid);
	if (task == NULL || tracer->ending) {
		/* A group-stop is ended with it too: everybody is about to be killed. */
		(void)ptrace(PTRACE_CONT, pid, NULL, NULL);
		return;
	}
	task->stopped = event == PTRACE_EVENT_STOP && signo != SIGTRAP;
	if (task->stopped) {
		(void)ptrace(PTRACE_LISTEN, pid, NULL,
			     NULL); /* SIGSTOP and its like: stay stopped until SIGCONT */
		return;
	}
	int deliver = 0;
	if (event != 0)
		on_event(tracer, task, event);
	else if (signo == STOP_SYSCALL)
		on_call(tracer, task);
	else if (signo != SIGTRAP || !on_trap(tracer, task))
		deliver = signo;
	if (task->step == STEP_HELD)
		return;
	trace_resume(tracer, task, deliver);
}

static void on_end(struct tracer *tracer, pid_t pid, int status)
{
	struct trace_call *call = calls_add(tracer, TRACE_EXIT, pid);
	if (call != NULL)
		call->result = status;
	forget(tracer, pid);
}

int trace_start(struct tracer *tracer, pid_t main, const struct trace_map *map, bool handlers)
{
	tracer->active = true;
	tracer->handlers = handlers;
	tracer->main = main;
	tracer->map = map;
	(void)find_or_add(tracer, main);
	/* It runs freely until exec, whose event starts the counting of calls. */
	return ptrace(PTRACE_SEIZE, main, NULL, OPTIONS) < 0 ? errno : 0;
}

size_t trace_serve(struct tracer *tracer)
{
	size_t served = 0;
	int status;
	pid_t pid;
	while (tracer->active && (pid = waitpid(-1, &status, __WALL | WNOHANG)) > 0) {
		served++;
		if (WIFSTOPPED(status))
			on_stop(tracer, pid, status);
		else
			on_end(tracer, pid, status);
	}
	return served;
}

void trace_end(struct tracer *tracer)
{
	tracer->ending = true;
	for (size_t i = 0; i < tracer->task_count; i++)
		if (tracer->tasks[i].step == STEP_HELD)
			(void)ptrace(PTRACE_CONT, tracer->tasks[i].pid, NULL, NULL);
}

void trace_fini(struct tracer *tracer)
{
	free(tracer->calls);
	*tracer = (struct tracer){ 0 };
}
