/* Answers the examiner's questions: {"ask":...} to {"ok":true,...} or {"ok":false,"why":...}. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "run/runner.h"

json_t *ask_refuse(const char *why)
{
	return json_pack("{s:b,s:s}", "ok", 0, "why", why);
}

json_t *ask_agree(void)
{
	return json_pack("{s:b}", "ok", 1);
}

const char *ask_text(json_t *question, const char *key)
{
	const char *text = json_string_value(json_object_get(question, key));
	return text != NULL ? text : "";
}

json_int_t ask_number(json_t *question, const char *key)
{
	return json_integer_value(json_object_get(question, key));
}

static bool flag_of(json_t *question, const char *key)
{
	return json_is_true(json_object_get(question, key));
}

static json_t *on_start(struct runner *runner, json_t *question, const int *fds, size_t fd_count)
{
	bool player = strcmp(ask_text(question, "program"), "player") == 0;
	enum program program = player ? PROGRAM_PLAYER : PROGRAM_SRV;
	if (runner->boxes[program].argv == NULL)
		return ask_refuse("the lab has no such program");
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
	pid_t pid = (pid_t)ask_number(question, "pid");
	int signo = (int)ask_number(question, "signo");
	if (pid == 0)
		pid = runner->subject.box.main;
	if (!sample_holds(runner, pid))
		return json_pack("{s:b,s:b}", "ok", 1, "gone", 1);
	int error = kill(pid, signo) < 0 ? errno : 0;
	/* A task held between two instructions takes no signal but this one. */
	return error == 0 || error == ESRCH ? ask_agree() : ask_refuse(strerror(error));
}

static json_t *on_at_exit(struct runner *runner)
{
	if (runner->subject.at_exit == NULL)
		return json_pack("{s:b,s:b}", "ok", 1, "seen", 0);
	return json_incref(runner->subject.at_exit);
}

static json_t *on_output(struct runner *runner, json_t *question)
{
	const char *text = ask_text(question, "count");
	const struct stream *output = &runner->subject.output[0];
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
	const char *ask = ask_text(question, "ask");
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
	if (strcmp(ask, "at_exit") == 0)
		return on_at_exit(runner);
	if (strcmp(ask, "output") == 0)
		return on_output(runner, question);
	if (strcmp(ask, "plants") == 0 || strcmp(ask, "plant") == 0)
		return detector_answer(runner, ask);
	if (strcmp(ask, "text") == 0 || strcmp(ask, "lines") == 0)
		return ask_given(runner, ask, question);
	return ask_trace_answer(runner, ask, question);
}
