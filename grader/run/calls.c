/* The log of system calls, and what stands behind their names. */
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "run/trace.h"
#include "sandbox/procfs.h"

enum { STACK_WORDS = 48, CALL_BYTES = 7 };

static const int accept_calls[] = { SYS_accept, SYS_accept4 };
static const int fork_calls[] = { SYS_fork, SYS_vfork, SYS_clone, SYS_clone3 };
static const int read_calls[] = { SYS_read, SYS_readv, SYS_recvfrom, SYS_recvmsg, SYS_pread64 };
static const int write_calls[] = { SYS_write,    SYS_writev, SYS_sendto,  SYS_sendmsg,
				   SYS_sendfile, SYS_splice, SYS_pwrite64 };
static const int poll_calls[] = { SYS_poll,       SYS_ppoll,       SYS_select,      SYS_pselect6,
				  SYS_epoll_wait, SYS_epoll_pwait, SYS_epoll_pwait2 };

#define GROUP(name, list)                                 \
	{                                                 \
		name, list, sizeof(list) / sizeof *(list) \
	}
static const struct {
	const char *name;
	const int *calls;
	size_t count;
} groups[] = {
	GROUP("@accept", accept_calls), GROUP("@fork", fork_calls), GROUP("@read", read_calls),
	GROUP("@write", write_calls),   GROUP("@poll", poll_calls),
};

bool calls_name_group(const char *name, const int **calls, size_t *count)
{
	static int single; /* borrowed by the caller until the next call */
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		if (strcmp(groups[i].name, name) == 0) {
			*calls = groups[i].calls;
			*count = groups[i].count;
			return true;
		}
	}
	single = seccomp_syscall_resolve_name(name);
	*calls = &single;
	*count = 1;
	return single >= 0;
}

struct trace_call *calls_add(struct tracer *tracer, enum trace_event event, pid_t pid)
{
	if (tracer->call_count == TRACE_CALLS_MAX) {
		tracer->cut = true;
		return NULL;
	}
	if (tracer->call_count == tracer->call_room) {
		size_t room = tracer->call_room > 0 ? tracer->call_room * 2 : 256;
		struct trace_call *grown = realloc(tracer->calls, room * sizeof *grown);
		if (grown == NULL) {
			tracer->cut = true;
			return NULL;
		}
		tracer->calls = grown;
		tracer->call_room = room;
	}
	struct trace_call *call = &tracer->calls[tracer->call_count++];
	*call = (struct trace_call){ .event = event, .pid = pid, .done = event != TRACE_CALL };
	return call;
}

/* The inode of the socket or pipe behind a descriptor, 0 for anything else. */
static uint64_t inode_of(pid_t pid, uint64_t fd)
{
	char path[64], target[64];
	(void)snprintf(path, sizeof path, "/proc/%d/fd/%llu", pid, (unsigned long long)fd);
	ssize_t length = readlink(path, target, sizeof target - 1);
	if (length <= 0)
		return 0;
	target[length] = '\0';
	uint64_t inode = proc_inode(target, "socket");
	return inode != 0 ? inode : proc_inode(target, "pipe");
}

static bool takes_descriptor(int nr)
{
	switch (nr) {
	case SYS_close:
	case SYS_shutdown:
	case SYS_connect:
	case SYS_bind:
	case SYS_listen:
		return true;
	default:
		break;
	}
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		for (size_t k = 0; strcmp(groups[i].name, "@fork") != 0 &&
				   strcmp(groups[i].name, "@poll") != 0 && k < groups[i].count;
		     k++)
			if (groups[i].calls[k] == nr)
				return true;
	return false;
}

/* True if a call instruction ends just before this address: E8 rel32, or FF /2 with a register or
 * memory operand. */
static bool follows_call(pid_t pid, uint64_t address)
{
	uint8_t code[CALL_BYTES];
	if (!trace_read(pid, address - CALL_BYTES, code, sizeof code))
		return false;
	if (code[CALL_BYTES - 5] == 0xe8)
		return true;
	for (size_t length = 2; length <= CALL_BYTES; length++)
		if (code[CALL_BYTES - length] == 0xff &&
		    (code[CALL_BYTES - length + 1] & 0x38) == 0x10)
			return true;
	return false;
}

/* Where the student's code made this call: the first return address on the stack that lies in it.
 * The frames between are a few words of a libc wrapper. It is shown, never judged. */
static uint64_t find_place(const struct tracer *tracer, pid_t pid, uint64_t stack)
{
	uint64_t words[STACK_WORDS];
	if (tracer->map == NULL || tracer->base == 0 ||
	    !trace_read(pid, stack, words, sizeof words))
		return 0;
	for (size_t i = 0; i < STACK_WORDS; i++) {
		uint64_t address = words[i] - tracer->base;
		if (address > tracer->map->text_start && address < tracer->map->text_end &&
		    follows_call(pid, words[i]))
			return address -
			       1; /* inside the call instruction, so that the line is the call's */
	}
	return 0;
}

void calls_enter(struct tracer *tracer, struct tracee *task, int nr, const uint64_t a[6],
		 uint64_t stack)
{
	struct trace_call *call = calls_add(tracer, TRACE_CALL, task->pid);
	task->call = -1;
	if (call == NULL)
		return;
	call->nr = nr;
	for (size_t i = 0; i < 3; i++)
		call->a[i] = a[i];
	call->inode = takes_descriptor(nr) ? inode_of(task->pid, a[0]) : 0;
	call->place = find_place(tracer, task->pid, stack);
	task->call = (long)(call - tracer->calls);
}
