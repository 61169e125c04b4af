/* How a process ends: assert, abort, exit and faults are findings of the execution, not the end of
 * the player. */
#include "runtime/process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "runtime/finding.h"
#include "runtime/libc.h"
#include "runtime/scheduler.h"

#define SIGNAL_STACK_BYTES 65536

void process_leave_child(void)
{
	if (!rt->child)
		return;
	rt->parent_slot->answer.finding = rt->answer->finding;
	_exit(1);
}

_Noreturn void process_exit(int status, uint32_t pc)
{
	if (rt->child)
		_exit(status);
	if (status)
		finding_at(EXPLORE_EXIT, (unsigned)status & 0xffu, pc);
	execution_end(EXPLORE_END_DONE);
}

static bool in_submission(uintptr_t pc)
{
	extern const char __executable_start[], etext[];

	return pc >= (uintptr_t)__executable_start && pc < (uintptr_t)etext;
}

/* A fault in the middle of an execution ends it; anywhere else it is ours, and the default. */
static void on_fault(int signal, siginfo_t *info, void *context)
{
	const ucontext_t *where = context;
	uintptr_t pc = (uintptr_t)where->uc_mcontext.gregs[REG_RIP];
	uintptr_t address = (uintptr_t)info->si_addr;
	struct thread *t = self;

	if (!t) {
		(void)sigaction(signal, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
		(void)raise(signal);
		return;
	}
	uint32_t at = in_submission(pc) ? image_offset((const void *)(pc + 1)) : 0;
	struct explore_finding *f = &rt->answer->finding;
	(void)snprintf(f->text, sizeof(f->text), "%s",
		       signal == SIGSEGV && address - ((uintptr_t)t->stack_low - 4096) < 4096
			       ? "stack overflow"
			       : "");
	finding_at(EXPLORE_CRASH, (unsigned)signal, at);
}

int process_start(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP };
	struct sigaction action = { .sa_sigaction = on_fault,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	stack_t stack = { .ss_size = SIGNAL_STACK_BYTES };

	stack.ss_sp = mmap(NULL, SIGNAL_STACK_BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack.ss_sp == MAP_FAILED || sigaltstack(&stack, NULL))
		return errno;
	for (unsigned i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (sigaction(faults[i], &action, NULL))
			return errno;
	return 0;
}

_Noreturn void rt___assert_fail(const char *what, const char *file, unsigned line,
				const char *function);
_Noreturn void rt___assert_fail(const char *what, const char *file, unsigned line,
				const char *function)
{
	char text[EXPLORE_TEXT];

	(void)function;
	if (!self)
		abort();
	(void)snprintf(text, sizeof(text), "%s:%u: %s", file, line, what);
	finding_said(EXPLORE_ASSERTION, PC(), text);
}

_Noreturn void rt_cl_check_failed(const char *what, const char *file, int line);
_Noreturn void rt_cl_check_failed(const char *what, const char *file, int line)
{
	char text[EXPLORE_TEXT];

	if (!self)
		abort();
	(void)snprintf(text, sizeof(text), "%s:%d: %s", file, line, what);
	finding_said(EXPLORE_ASSERTION, PC(), text);
}

_Noreturn void rt_abort(void);
_Noreturn void rt_abort(void)
{
	if (!self)
		abort();
	finding_at(EXPLORE_ABORT, 0, PC());
}

_Noreturn void rt_exit(int status);
_Noreturn void rt_exit(int status)
{
	if (!self)
		exit(status);
	process_exit(status, PC());
}

_Noreturn void rt__exit(int status);
_Noreturn void rt__exit(int status)
{
	if (!self)
		_exit(status);
	process_exit(status, PC());
}

_Noreturn void rt__Exit(int status);
_Noreturn void rt__Exit(int status)
{
	if (!self)
		_exit(status);
	process_exit(status, PC());
}
