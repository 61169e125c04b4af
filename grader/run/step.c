/* Stops a task n instructions after it entered a function of the student's. */
#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>

#include "run/trace.h"

static const uint8_t breakpoint = 0xcc;

static uint64_t find_function(const struct trace_map *map, const char *name)
{
	for (size_t i = 0; map != NULL && i < map->function_count; i++)
		if (strcmp(map->functions[i].name, name) == 0)
			return map->functions[i].address;
	return 0;
}

int step_arm(struct tracer *tracer, struct tracee *task, const char *function, uint64_t count)
{
	uint64_t address = find_function(tracer->map, function);
	if (address == 0 || tracer->base == 0)
		return ENOENT;
	if (task->step == STEP_ARMED) /* the place is broken already */
		(void)trace_write(task->pid, task->step_address, &task->step_byte, 1);
	task->step_address = tracer->base + address;
	task->step_count = count;
	task->steps = 0;
	if (!trace_read(task->pid, task->step_address, &task->step_byte, 1) ||
	    !trace_write(task->pid, task->step_address, &breakpoint, 1))
		return EFAULT;
	task->step = STEP_ARMED;
	return 0;
}

static bool enter(struct tracee *task, struct user_regs_struct *registers)
{
	if (registers->rip != task->step_address + 1)
		return false;
	registers->rip = task->step_address;
	task->step_stack = registers->rsp;
	(void)trace_read(task->pid, registers->rsp, &task->step_return, sizeof task->step_return);
	(void)trace_write(task->pid, task->step_address, &task->step_byte, 1);
	(void)trace_set_registers(task->pid, registers);
	task->step = task->step_count == 0 ? STEP_HELD : STEP_RUNNING;
	return true;
}

bool step_trap(struct tracer *tracer, struct tracee *task)
{
	struct user_regs_struct registers;
	(void)tracer;
	if ((task->step != STEP_ARMED && task->step != STEP_RUNNING) ||
	    !trace_registers(task->pid, &registers))
		return false;
	if (task->step == STEP_ARMED)
		return enter(task, &registers);
	task->steps++;
	if (registers.rip == task->step_return && registers.rsp > task->step_stack)
		task->step = STEP_RETURNED;
	else if (task->steps >= task->step_count || task->steps >= TRACE_STEPS_MAX)
		task->step = STEP_HELD;
	return true;
}
