/* Faults and signals at chosen system calls. */
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "run/trace.h"

enum { SYSCALL_BYTES = 2 }; /* length of the instruction 0F 05 */

static bool rule_matches(const struct tracer *tracer, const struct trace_rule *rule, pid_t pid,
			 int nr)
{
	if (rule->who == WHO_MAIN && pid != tracer->main)
		return false;
	if (rule->who == WHO_CHILD && pid == tracer->main)
		return false;
	for (size_t i = 0; i < rule->call_count; i++)
		if (rule->calls[i] == nr)
			return true;
	return rule->call_count == 0;
}

static void save_and_poke(struct tracee *task, uint64_t address, uint64_t value)
{
	uint64_t old;
	if (task->saved_count == sizeof task->saved / sizeof *task->saved ||
	    !trace_read(task->pid, address, &old, sizeof old))
		return;
	if (trace_write(task->pid, address, &value, sizeof value))
		task->saved[task->saved_count++] = (struct saved_word){ address, old };
}

/* The vector's first part alone, no longer than the limit; the student's memory is put back on
 * return. */
static void cut_vector(struct tracee *task, uint64_t vector, uint64_t limit)
{
	struct iovec first = { .iov_len = 0 };
	if (trace_read(task->pid, vector, &first, sizeof first) && first.iov_len > limit)
		save_and_poke(task, vector + 8, limit);
}

static void lower(unsigned long long *reg, uint64_t limit)
{
	if (*reg > limit)
		*reg = limit;
}

static void cut_length(struct tracee *task, int nr, const uint64_t a[6], uint64_t limit,
		       struct user_regs_struct *registers)
{
	switch (nr) {
	case SYS_read:
	case SYS_write:
	case SYS_recvfrom:
	case SYS_sendto:
	case SYS_pread64:
	case SYS_pwrite64:
		lower(&registers->rdx, limit);
		break;
	case SYS_sendfile:
		lower(&registers->r10, limit);
		break;
	case SYS_splice:
		lower(&registers->r8, limit);
		break;
	case SYS_readv:
	case SYS_writev:
		lower(&registers->rdx, 1);
		cut_vector(task, a[1], limit);
		break;
	case SYS_sendmsg:
	case SYS_recvmsg: {
		struct {
			uint64_t name, name_length, vector, vector_length;
		} message;
		if (trace_read(task->pid, a[1], &message, sizeof message) &&
		    message.vector_length > 0) {
			save_and_poke(task, a[1] + 24, 1);
			cut_vector(task, message.vector, limit);
		}
		break;
	}
	default:
		break;
	}
}

static void apply(struct tracer *tracer, struct tracee *task, const struct trace_rule *rule, int nr,
		  const uint64_t a[6], struct user_regs_struct *registers)
{
	if (task->call >= 0)
		tracer->calls[task->call].injected = true;
	if (rule->error != 0) {
		registers->orig_rax = ~0ull; /* no call has this number: the kernel skips it */
		task->fake_error = rule->error;
	} else if (rule->when == SIGNAL_BEFORE) {
		registers->orig_rax = ~0ull;
		task->retake = true;
		task->retake_nr = (uint64_t)nr;
	} else if (rule->limit > 0) {
		cut_length(task, nr, a, rule->limit, registers);
	}
	if (rule->when != SIGNAL_NONE)
		task->signal_after = rule->signo;
}

/* A call that was taken back for a signal is made again when the handler has returned. What the
 * handler itself calls in between is left alone; a handler that jumps away instead of returning is
 * seen by the stack being above. */
static bool left_alone(struct tracee *task, uint64_t place, uint64_t stack)
{
	if (!task->retaken)
		return false;
	if (stack < task->retake_stack)
		return true;
	task->retaken = false;
	return place == task->retake_place && stack == task->retake_stack;
}

void inject_enter(struct tracer *tracer, struct tracee *task, int nr, const uint64_t a[6],
		  uint64_t place, uint64_t stack)
{
	if (left_alone(task, place, stack))
		return;
	task->retake_place = place;
	task->retake_stack = stack;
	struct user_regs_struct registers;
	for (size_t i = 0; i < tracer->rule_count; i++) {
		struct trace_rule *rule = &tracer->rules[i];
		if (!rule_matches(tracer, rule, task->pid, nr))
			continue;
		rule->seen++;
		if (rule->seen < rule->from || rule->seen - rule->from >= rule->times ||
		    !trace_registers(task->pid, &registers))
			continue;
		rule->fired++;
		apply(tracer, task, rule, nr, a, &registers);
		(void)trace_set_registers(task->pid, &registers);
		return;
	}
}

void inject_leave(struct tracer *tracer, struct tracee *task)
{
	struct user_regs_struct registers;
	for (; task->saved_count > 0; task->saved_count--) {
		const struct saved_word *word = &task->saved[task->saved_count - 1];
		(void)trace_write(task->pid, word->address, &word->value, sizeof word->value);
	}
	if ((task->fake_error != 0 || task->retake) && trace_registers(task->pid, &registers)) {
		registers.orig_rax = ~0ull; /* and no restart by the kernel */
		if (task->retake) {
			registers.rax = task->retake_nr;
			registers.rip -= SYSCALL_BYTES;
		} else {
			registers.rax = (unsigned long long)-(long long)task->fake_error;
		}
		(void)trace_set_registers(task->pid, &registers);
		if (task->retake && task->call >= 0 && (size_t)task->call + 1 == tracer->call_count)
			tracer->call_count--; /* it was not made: it is logged when it is */
	}
	/* To its process, as kill(1) sends it: a thread that blocks it leaves it to the others. */
	if (task->signal_after != 0)
		(void)kill(task->pid, task->signal_after);
	task->retaken = task->retaken || task->retake;
	task->retake = false;
	task->fake_error = 0;
	task->signal_after = 0;
}
