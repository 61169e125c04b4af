/* Answers the examiner's questions: {"ask":...} to {"ok":true,...} or {"ok":false,"why":...}. */
#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "run/runner.h"

enum { CALLS_PER_ANSWER = 300, STEPPED_WAIT_US = 5000000 };

static json_t *refuse(const char *why)
{
	return json_pack("{s:b,s:s}", "ok", 0, "why", why);
}

static json_t *agree(void)
{
	return json_pack("{s:b}", "ok", 1);
}

static const char *text_of(json_t *question, const char *key)
{
	const char *text = json_string_value(json_object_get(question, key));
	return text != NULL ? text : "";
}

static json_int_t number_of(json_t *question, const char *key)
{
	return json_integer_value(json_object_get(question, key));
}

static bool flag_of(json_t *question, const char *key)
{
	return json_is_true(json_object_get(question, key));
}

static json_t *on_start(struct runner *runner, json_t *question, const int *fds, size_t fd_count)
{
	bool player = strcmp(text_of(question, "program"), "player") == 0;
	enum program program = player ? PROGRAM_PLAYER : PROGRAM_SRV;
	if (runner->boxes[program].argv == NULL)
		return refuse("the lab has no such program");
	bool handlers = flag_of(question, "handlers");
	int error = subject_start(runner, program, flag_of(question, "trace") || handlers, handlers,
				  fds, fd_count);
	if (error != 0)
		return json_pack("{s:b,s:o}", "ok", 0, "why",
				 json_sprintf("%s: %s", runner->fault.step, strerror(error)));
	return json_pack("{s:b,s:i}", "ok", 1, "main", runner->subject.box.main);
}

static json_t *on_stop(struct runner *runner)
{
	subject_stop(runner);
	return sample_take(runner, false, false, false);
}

static json_t *on_signal(struct runner *runner, json_t *question)
{
	pid_t pid = (pid_t)number_of(question, "pid");
	int signo = (int)number_of(question, "signo");
	if (pid == 0)
		pid = runner->subject.box.main;
	if (!sample_holds(runner, pid))
		return json_pack("{s:b,s:b}", "ok", 1, "gone", 1);
	int error = kill(pid, signo) < 0 ? errno : 0;
	/* A task held between two instructions takes no signal but this one. */
	return error == 0 || error == ESRCH ? agree() : refuse(strerror(error));
}

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
		return refuse("the subject is not traced");
	if (tracer->rule_count == TRACE_RULES_MAX)
		return refuse("too many rules");
	const char *who = text_of(question, "who"), *when = text_of(question, "when");
	struct trace_rule rule = {
		.who = strcmp(who, "main") == 0    ? WHO_MAIN
		       : strcmp(who, "child") == 0 ? WHO_CHILD
						   : WHO_ANY,
		.from = (uint64_t)number_of(question, "from"),
		.times = (uint64_t)number_of(question, "times"),
		.error = (int)number_of(question, "errno"),
		.limit = (uint64_t)number_of(question, "limit"),
		.signo = (int)number_of(question, "signal"),
	};
	if (rule.signo != 0)
		rule.when = strcmp(when, "after") == 0 ? SIGNAL_AFTER : SIGNAL_BEFORE;
	if (!read_calls(json_object_get(question, "calls"), rule.calls,
			sizeof rule.calls / sizeof *rule.calls, &rule.call_count))
		return refuse("unknown system call");
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

static json_t *call_json(const struct trace_call *call, size_t index)
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
		for (size_t i = 0; i < call->name_count; i++)
			json_array_append_new(names, json_string(call->names[i]));
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
		return refuse("unknown system call");
	}
	size_t next = (size_t)number_of(question, "since");
	for (; next < tracer->call_count && json_array_size(list) < CALLS_PER_ANSWER; next++) {
		const struct trace_call *call = &tracer->calls[next];
		bool take = call->event != TRACE_CALL ||
			    json_array_size(names) == 0; /* events always */
		for (size_t i = 0; i < wanted_count; i++)
			take = take || wanted[i] == call->nr;
		if (take)
			json_array_append_new(list, call_json(call, next));
	}
	return json_pack("{s:b,s:o,s:I,s:b,s:b}", "ok", 1, "calls", list, "next", (json_int_t)next,
			 "more", next < tracer->call_count, "cut", tracer->cut);
}

static json_t *on_step(struct runner *runner, json_t *question)
{
	struct tracer *tracer = &runner->subject.tracer;
	struct tracee *task = trace_find(tracer, (pid_t)number_of(question, "pid"));
	if (task == NULL)
		return refuse("no such traced task");
	int error = step_arm(tracer, task, text_of(question, "function"),
			     (uint64_t)number_of(question, "count"));
	return error == 0 ? agree() : refuse(strerror(error));
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
	runner->stepped.pid = (pid_t)number_of(question, "pid");
	json_t *answer = ask_stepped(runner, false);
	runner->stepped.waiting = answer == NULL;
	runner->stepped.deadline_us = runner_now_us() + STEPPED_WAIT_US;
	return answer;
}

static json_t *on_release(struct runner *runner, json_t *question)
{
	struct tracee *task = trace_find(&runner->subject.tracer,
					 (pid_t)number_of(question, "pid"));
	if (task == NULL || task->step != STEP_HELD)
		return refuse("no such held task");
	task->step = STEP_NONE;
	trace_resume(&runner->subject.tracer, task, 0);
	return agree();
}

static json_t *on_at_exit(struct runner *runner)
{
	if (runner->subject.at_exit == NULL)
		return json_pack("{s:b,s:b}", "ok", 1, "seen", 0);
	return json_incref(runner->subject.at_exit);
}

static json_t *on_output(struct runner *runner, json_t *question)
{
	const char *text = text_of(question, "count");
	const struct output *output = &runner->subject.output[0];
	int count = 0;
	size_t length = strlen(text);
	for (const char *at = output->text;
	     length > 0 &&
	     (at = memmem(at, output->kept - (size_t)(at - output->text), text, length)) != NULL;
	     at += length)
		count++;
	return json_pack("{s:b,s:i,s:I}", "ok", 1, "count", count, "bytes",
			 (json_int_t)output->seen);
}

json_t *ask_answer(struct runner *runner, json_t *question, const int *fds, size_t fd_count)
{
	const char *ask = text_of(question, "ask");
	if (strcmp(ask, "start") == 0)
		return on_start(runner, question, fds, fd_count);
	if (strcmp(ask, "stop") == 0)
		return on_stop(runner);
	if (strcmp(ask, "sample") == 0)
		return sample_take(runner, flag_of(question, "fds"), flag_of(question, "memory"),
				   flag_of(question, "maps"));
	if (strcmp(ask, "quiet") == 0)
		return sample_quiet(runner);
	if (strcmp(ask, "signal") == 0)
		return on_signal(runner, question);
	if (strcmp(ask, "inject") == 0)
		return on_inject(runner, question);
	if (strcmp(ask, "fired") == 0)
		return on_fired(runner);
	if (strcmp(ask, "disarm") == 0) {
		runner->subject.tracer.rule_count = 0;
		return agree();
	}
	if (strcmp(ask, "calls") == 0)
		return on_calls(runner, question);
	if (strcmp(ask, "step") == 0)
		return on_step(runner, question);
	if (strcmp(ask, "stepped") == 0)
		return on_stepped(runner, question);
	if (strcmp(ask, "release") == 0)
		return on_release(runner, question);
	if (strcmp(ask, "at_exit") == 0)
		return on_at_exit(runner);
	if (strcmp(ask, "output") == 0)
		return on_output(runner, question);
	return refuse("unknown question");
}
