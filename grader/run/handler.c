/* Walks through each signal handler instruction by instruction and notes which library functions it
 * enters. */
#include <signal.h>
#include <sys/ptrace.h>

#include "run/trace.h"

static bool in_student(const struct tracer *tracer, uint64_t address)
{
	uint64_t at = address - tracer->base;
	return at >= tracer->map->text_start && at < tracer->map->text_end;
}

/* Notes the function that begins at this address. None does at the stub of a memory or string
 * function, which libc chooses by processor; all of these are safe. */
static void note_entry(struct tracer *tracer, long index, uint64_t address)
{
	const struct trace_map *map = tracer->map;
	struct trace_call *call = index >= 0 ? &tracer->calls[index] : NULL;
	for (size_t i = 0; call != NULL && i < map->function_count; i++) {
		if (map->functions[i].address != address - tracer->base)
			continue;
		if (call->entered_count < TRACE_NAMES_MAX)
			call->entered[call->entered_count++] = &map->functions[i];
		return;
	}
}

static void begin(struct tracer *tracer, struct tracee *task,
		  const struct user_regs_struct *registers)
{
	if (task->handler_depth == TRACE_HANDLER_DEPTH)
		return;
	struct trace_call *call = calls_add(tracer, TRACE_HANDLER, task->pid);
	uint64_t end = 0;
	(void)trace_read(task->pid, registers->rsp, &end,
			 sizeof end); /* the kernel's frame begins with the return address */
	if (call != NULL) {
		call->nr = (int)registers->rdi;
		call->a[0] = registers->rdi;
		call->place = in_student(tracer, registers->rip) ? registers->rip - tracer->base
								 : 0;
	}
	task->handlers[task->handler_depth].end = end;
	task->handlers[task->handler_depth].steps = 0;
	task->handlers[task->handler_depth].call = call != NULL ? (long)(call - tracer->calls) : -1;
	task->handlers[task->handler_depth].in_student = in_student(tracer, registers->rip);
	task->handler_depth++;
}

bool handler_trap(struct tracer *tracer, struct tracee *task, int code)
{
	struct user_regs_struct registers;
	if (!tracer->handlers || tracer->map == NULL || !trace_registers(task->pid, &registers))
		return false;
	if (code == SIGTRAP) { /* the kernel's word that it has just set a handler up */
		begin(tracer, task, &registers);
		return true;
	}
	if (task->handler_depth == 0)
		return false;
	size_t top = task->handler_depth - 1;
	if (registers.rip == task->handlers[top].end ||
	    ++task->handlers[top].steps > TRACE_STEPS_MAX) {
		task->handler_depth--;
		return true;
	}
	bool inside = in_student(tracer, registers.rip);
	if (task->handlers[top].in_student && !inside)
		note_entry(tracer, task->handlers[top].call, registers.rip);
	task->handlers[top].in_student = inside;
	return true;
}
