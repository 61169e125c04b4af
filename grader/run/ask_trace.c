/* Questions about a traced subject: rules, the log of calls, stepping. */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/machine.h"
#include "run/runner.h"

enum { CALLS_PER_ANSWER = 300, STEPPED_WAIT_US = 5000000 };

/* Fills in the rule's calls; false if a name is unknown. */
static bool read_calls(json_t *names, int *calls, size_t max, size_t *count)
{
	size_t index;
	json_t *name;
	*count = 0;
	json_array_foreach(names, index, name)
	{
		const int *group;
		size_t size;
		if (!json_is_string(name) ||
		    !calls_name_group(json_string_value(name), &group, &size) ||
		    *count + size > max)
			return false;
		memcpy(calls + *count, group, size * sizeof *calls);
		*count += size;
	}
	return true;
}

static json_t *on_inject(struct runner *runner, json_t *question)
{
	struct tracer *tracer = &runner->subject.tracer;
	if (!tracer->active)
		return ask_refuse("the subject is not traced");
	if (tracer->rule_count == TRACE_RULES_MAX)
		return ask_refuse("too many rules");
	const char *who = ask_text(question, "who"), *when = ask_text(question, "when");
	struct trace_rule rule = {
		.who = strcmp(who, "main") == 0    ? WHO_MAIN
		       : strcmp(who, "child") == 0 ? WHO_CHILD
						   : WHO_ANY,
		.from = (uint64_t)ask_number(question, "from"),
		.times = (uint64_t)ask_number(question, "times"),
		.error = (int)ask_number(question, "errno"),
		.limit = (uint64_t)ask_number(question, "limit"),
		.signo = (int)ask_number(question, "signal"),
	};
	if (rule.signo != 0)
		rule.when = strcmp(when, "after") == 0 ? SIGNAL_AFTER : SIGNAL_BEFORE;
	if (!read_calls(json_object_get(question, "calls"), rule.calls,
			sizeof rule.calls / sizeof *rule.calls, &rule.call_count))
		return ask_refuse("unknown system call");
	tracer->rules[tracer->rule_count] = rule;
	return json_pack("{s:b,s:i}", "ok", 1, "rule", (int)tracer->rule_count++);
}

static json_t *on_fired(struct runner *runner)
{
	json_t *fired = json_array();
	for (size_t i = 0; i < runner->subject.tracer.rule_count; i++)
		json_array_append_new(
			fired, json_integer((json_int_t)runner->subject.tracer.rules[i].fired));
	return json_pack("{s:b,s:o}", "ok", 1, "fired", fired);
}

static json_t *hex(uint64_t number)
{
	return json_sprintf("0x%llx", (unsigned long long)number);
}

/* All names of the function's address, joined by '|'; borrowed until the next call. */
static const char *names_of(const struct trace_map *map, const struct trace_function *function)
{
	static char text[256];
	const struct trace_function *end = map->functions + map->function_count;
	size_t length = 0;
	text[0] = '\0';
	for (const struct trace_function *next = function;
	     next < end && next->address == function->address; next++) {
		int put = snprintf(text + length, sizeof text - length, "%s%s",
				   length > 0 ? "|" : "", next->name);
		if (put < 0 || (size_t)put >= sizeof text - length)
			break;
		length += (size_t)put;
	}
	return text;
}

static json_t *call_json(const struct trace_map *map, const struct trace_call *call, size_t index)
{
	json_t *entry = json_pack("{s:I,s:i}", "i", (json_int_t)index, "pid", call->pid);
	static const char *const events[] = { NULL, "+fork", "+exit", "+handler" };
	if (call->event == TRACE_CALL) {
		char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, call->nr);
		json_object_set_new(entry, "call",
				    name != NULL ? json_string(name)
						 : json_sprintf("%d", call->nr));
		free(name);
	} else {
		json_object_set_new(entry, "call", json_string(events[call->event]));
	}
	json_object_set_new(entry, "a",
			    json_pack("[I,I,I]", (json_int_t)call->a[0], (json_int_t)call->a[1],
				      (json_int_t)call->a[2]));
	json_object_set_new(entry, "r",
			    call->done ? json_integer((json_int_t)call->result) : json_null());
	json_object_set_new(entry, "inode", json_integer((json_int_t)call->inode));
	json_object_set_new(entry, "place", hex(call->place));
	if (call->injected)
		json_object_set_new(entry, "injected", json_true());
	if (call->event == TRACE_HANDLER) {
		json_t *names = json_array();
		for (size_t i = 0; i < call->entered_count; i++)
			json_array_append_new(names, json_string(names_of(map, call->entered[i])));
		json_object_set_new(entry, "names", names);
	}
	return entry;
}

static json_t *on_calls(struct runner *runner, json_t *question)
{
	const struct tracer *tracer = &runner->subject.tracer;
	int wanted[64];
	size_t wanted_count;
	json_t *names = json_object_get(question, "names"), *events = json_array(), *name,
	       *list = json_array();
	json_t *calls = json_array();
	size_t index;
	bool known = true;
	json_array_foreach(names, index, name) json_array_append(
		json_string_value(name) != NULL && *json_string_value(name) == '+' ? events : calls,
		name);
	known = read_calls(calls, wanted, sizeof wanted / sizeof *wanted, &wanted_count);
	json_decref(calls);
	json_decref(events);
	if (!known) {
		json_decref(list);
		return ask_refuse("unknown system call");
	}
	size_t next = (size_t)ask_number(question, "since");
	for (; next < tracer->call_count && json_array_size(list) < CALLS_PER_ANSWER; next++) {
		const struct trace_call *call = &tracer->calls[next];
		bool take = call->event != TRACE_CALL ||
			    json_array_size(names) == 0; /* events always */
		for (size_t i = 0; i < wanted_count; i++)
			take = take || wanted[i] == call->nr;
		if (take)
			json_array_append_new(list, call_json(tracer->map, call, next));
	}
	return json_pack("{s:b,s:o,s:I,s:b,s:b}", "ok", 1, "calls", list, "next", (json_int_t)next,
			 "more", next < tracer->call_count, "cut", tracer->cut);
}

static json_t *on_step(struct runner *runner, json_t *question)
{
	struct tracer *tracer = &runner->subject.tracer;
	struct tracee *task = trace_find(tracer, (pid_t)ask_number(question, "pid"));
	if (task == NULL)
		return ask_refuse("no such traced task");
	int error = step_arm(tracer, task, ask_text(question, "function"),
			     (uint64_t)ask_number(question, "count"));
	return error == 0 ? ask_agree() : ask_refuse(strerror(error));
}

/* Answers now if the task has come to an end of its stepping, else NULL (unless it is late). */
json_t *ask_stepped(struct runner *runner, bool late)
{
	const struct tracee *task = trace_find(&runner->subject.tracer, runner->stepped.pid);
	const char *state = task == NULL                  ? "ended"
			    : task->step == STEP_HELD     ? "held"
			    : task->step == STEP_RETURNED ? "returned"
							  : NULL;
	if (state == NULL && !late)
		return NULL;
	return json_pack("{s:b,s:s,s:I}", "ok", 1, "state", state != NULL ? state : "running",
			 "steps", (json_int_t)(task != NULL ? task->steps : 0));
}

static json_t *on_stepped(struct runner *runner, json_t *question)
{
	runner->stepped.pid = (pid_t)ask_number(question, "pid");
	json_t *answer = ask_stepped(runner, false);
	runner->stepped.waiting = answer == NULL;
	runner->stepped.deadline_us = clock_us() + (uint64_t)STEPPED_WAIT_US * machine_factor();
	return answer;
}

static json_t *on_release(struct runner *runner, json_t *question)
{
	struct tracee *task = trace_find(&runner->subject.tracer,
					 (pid_t)ask_number(question, "pid"));
	if (task == NULL || task->step != STEP_HELD)
		return ask_refuse("no such held task");
	task->step = STEP_NONE;
	trace_resume(&runner->subject.tracer, task, 0);
	return ask_agree();
}

json_t *ask_trace_answer(struct runner *runner, const char *ask, json_t *question)
{
	if (strcmp(ask, "inject") == 0)
		return on_inject(runner, question);
	if (strcmp(ask, "fired") == 0)
		return on_fired(runner);
	if (strcmp(ask, "disarm") == 0) {
		runner->subject.tracer.rule_count = 0;
		return ask_agree();
	}
	if (strcmp(ask, "calls") == 0)
		return on_calls(runner, question);
	if (strcmp(ask, "step") == 0)
		return on_step(runner, question);
	if (strcmp(ask, "stepped") == 0)
		return on_stepped(runner, question);
	if (strcmp(ask, "release") == 0)
		return on_release(runner, question);
	return ask_refuse("unknown question");
}
