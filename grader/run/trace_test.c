/* The tracer against grader/tests/trace_probe.c: what it spoils, holds and logs, and that the
 * traced program notices nothing else. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "run/trace.h"

TCase *trace_test(void);

#define PROBE "build/test/trace_probe"
enum { FUNCTIONS_MAX = 8192 };

static struct trace_function functions[FUNCTIONS_MAX];
static struct trace_map map;
static struct tracer tracer;
static int end_status;

/* The program's map, by nm: the grader's own reader is tested elsewhere. */
static void load_map(void)
{
	FILE *file = popen("nm -n " PROBE, "re"); /* NOLINT(cert-env33-c): the command is ours */
	char line[512];
	map = (struct trace_map){ .functions = functions };
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		/* address type name */
		char *end = line;
		const uint64_t address = strtoull(line, &end, 16);
		const int type = end[0] == ' ' ? end[1] : '\0';
		char *name = end[0] == ' ' && end[2] == ' ' ? end + 3 : NULL;
		if (name == NULL || map.function_count == FUNCTIONS_MAX)
			continue;
		name[strcspn(name, "\n")] = '\0';
		if (strcmp(name, "__start_student_text") == 0)
			map.text_start = address;
		else if (strcmp(name, "__stop_student_text") == 0)
			map.text_end = address;
		else if (strchr("tTwW", type) != NULL)
			functions[map.function_count++] = (struct trace_function){ address,
										   strdup(name) };
	}
	if (file != NULL)
		(void)pclose(file);
	ck_assert_msg(map.text_end > map.text_start, "no student_text in " PROBE);
}

static void ignore_exit(void *context)
{
	(void)context;
}

static int probe_input; /* the write end of the probe's stdin */

/* Starts one life of the probe under the tracer, held before its exec until `go` is closed. */
static pid_t start(const char *life, bool handlers)
{
	int go[2], input[2];
	load_map();
	ck_assert_int_eq(pipe2(input, O_CLOEXEC), 0);
	probe_input = input[1];
	tracer = (struct tracer){ .on_exit = ignore_exit };
	ck_assert_int_eq(pipe(go), 0);
	pid_t pid = fork();
	if (pid == 0) {
		char byte;
		(void)close(go[1]);
		(void)!read(go[0], &byte, 1);
		(void)dup2(input[0], STDIN_FILENO);
		(void)execl(PROBE, PROBE, life, (char *)NULL);
		_exit(127);
	}
	ck_assert_int_eq(trace_start(&tracer, pid, &map, handlers), 0);
	(void)close(go[1]);
	(void)close(go[0]);
	return pid;
}

static void add_rule(struct trace_rule rule)
{
	rule.from = rule.from > 0 ? rule.from : 1;
	rule.times = rule.times > 0 ? rule.times : 1;
	tracer.rules[tracer.rule_count++] = rule;
}

/* Serves until main has ended, or `state` is reached by it. Returns main's exit status, or -1. */
static int serve(pid_t pid, enum step_state until)
{
	for (;;) {
		(void)trace_serve(&tracer);
		const struct tracee *task = trace_find(&tracer, pid);
		if (task == NULL)
			break;
		if (until != STEP_NONE && task->step == until)
			return -1;
		(void)sched_yield();
	}
	for (size_t i = 0; i < tracer.call_count; i++)
		if (tracer.calls[i].event == TRACE_EXIT && tracer.calls[i].pid == pid)
			end_status = (int)tracer.calls[i].result;
	return WIFEXITED(end_status) ? WEXITSTATUS(end_status) : 1000 + WTERMSIG(end_status);
}

static size_t count_calls(int nr, bool done)
{
	size_t count = 0;
	for (size_t i = 0; i < tracer.call_count; i++)
		count += tracer.calls[i].event == TRACE_CALL && tracer.calls[i].nr == nr &&
			 tracer.calls[i].done == done;
	return count;
}

START_TEST(untouched_program_runs_as_ever)
{
	ck_assert_int_eq(serve(start("read", false), STEP_NONE), 8);
	ck_assert_uint_eq(count_calls(SYS_read, true), 1);
}
END_TEST

START_TEST(errno_instead_of_the_call)
{
	pid_t pid = start("read", false);
	add_rule((struct trace_rule){ .calls = { SYS_read }, .call_count = 1, .error = EINTR });
	ck_assert_int_eq(serve(pid, STEP_NONE), 100 + EINTR);
	ck_assert_uint_eq(tracer.rules[0].fired, 1);
}
END_TEST

START_TEST(a_shorter_length)
{
	pid_t pid = start("read", false);
	add_rule((struct trace_rule){ .calls = { SYS_read }, .call_count = 1, .limit = 3 });
	ck_assert_int_eq(serve(pid, STEP_NONE), 3);
}
END_TEST

START_TEST(a_shorter_vector_is_put_back)
{
	pid_t pid = start("readv", false);
	add_rule((struct trace_rule){ .calls = { SYS_readv }, .call_count = 1, .limit = 2 });
	ck_assert_int_eq(serve(pid, STEP_NONE), 2);
}
END_TEST

START_TEST(a_signal_before_the_call_runs_its_handler_first)
{
	pid_t pid = start("signal", false);
	add_rule((struct trace_rule){
		.calls = { SYS_read }, .call_count = 1, .signo = SIGUSR2, .when = SIGNAL_BEFORE });
	ck_assert_int_eq(serve(pid, STEP_NONE), 0);
	ck_assert_uint_eq(count_calls(SYS_read, true), 1);
}
END_TEST

START_TEST(a_signal_before_every_call_ends)
{
	pid_t pid = start("fork", false);
	add_rule((struct trace_rule){ .calls = { SYS_clone, SYS_wait4, SYS_exit_group },
				      .call_count = 3,
				      .times = 1000,
				      .signo = SIGUSR2,
				      .when = SIGNAL_BEFORE,
				      .who = WHO_MAIN });
	ck_assert_int_eq(serve(pid, STEP_NONE), 3);
	ck_assert_uint_eq(tracer.rules[0].fired, 3);
}
END_TEST

START_TEST(fork_fails_on_demand)
{
	pid_t pid = start("fork", false);
	add_rule((struct trace_rule){
		.calls = { SYS_clone, SYS_fork, SYS_vfork }, .call_count = 3, .error = EAGAIN });
	ck_assert_int_eq(serve(pid, STEP_NONE), 100 + EAGAIN);
}
END_TEST

START_TEST(children_are_followed)
{
	ck_assert_int_eq(serve(start("fork", false), STEP_NONE), 3);
	size_t forks = 0, exits = 0;
	for (size_t i = 0; i < tracer.call_count; i++) {
		forks += tracer.calls[i].event == TRACE_FORK;
		exits += tracer.calls[i].event == TRACE_EXIT;
	}
	ck_assert_uint_eq(forks, 1);
	ck_assert_uint_eq(exits, 2);
}
END_TEST

/* Runs the life "step" and holds it after n instructions of stepped(). */
static uint64_t step_to(uint64_t n, enum step_state until)
{
	pid_t pid = start("step", false);
	while (count_calls(SYS_read, false) == 0) /* it sleeps until we have armed */
		(void)trace_serve(&tracer);
	ck_assert_int_eq(step_arm(&tracer, trace_find(&tracer, pid), "stepped", n), 0);
	ck_assert_int_eq(write(probe_input, "g", 1), 1);
	ck_assert_int_eq(serve(pid, until), -1);
	const uint64_t steps = trace_find(&tracer, pid)->steps;
	if (until == STEP_HELD) {
		trace_find(&tracer, pid)->step = STEP_NONE;
		trace_resume(&tracer, trace_find(&tracer, pid), 0);
	}
	ck_assert_int_eq(write(probe_input, "g", 1), 1);
	ck_assert_int_eq(serve(pid, STEP_NONE), 0);
	return steps;
}

START_TEST(a_task_is_held_after_n_instructions)
{
	uint64_t all = step_to(TRACE_STEPS_MAX, STEP_RETURNED);
	ck_assert_uint_gt(all, 20);
	ck_assert_uint_eq(step_to(TRACE_STEPS_MAX, STEP_RETURNED), all);
	ck_assert_uint_eq(step_to(0, STEP_HELD), 0);
	ck_assert_uint_eq(step_to(all - 1, STEP_HELD), all - 1);
}
END_TEST

START_TEST(handlers_are_walked_through)
{
	ck_assert_int_eq(serve(start("handler", true), STEP_NONE), 0);
	const struct trace_call *handler = NULL;
	for (size_t i = 0; i < tracer.call_count; i++)
		if (tracer.calls[i].event == TRACE_HANDLER)
			handler = &tracer.calls[i];
	ck_assert_ptr_nonnull(handler);
	ck_assert_int_eq(handler->nr, SIGUSR1);
	ck_assert_uint_ge(handler->entered_count, 2);
	ck_assert_ptr_nonnull(strstr(handler->entered[0]->name, "malloc"));
	ck_assert_ptr_nonnull(strstr(handler->entered[1]->name, "free"));
}
END_TEST

START_TEST(a_call_knows_its_place)
{
	ck_assert_int_eq(serve(start("read", false), STEP_NONE), 8);
	for (size_t i = 0; i < tracer.call_count; i++)
		if (tracer.calls[i].nr == SYS_read && tracer.calls[i].event == TRACE_CALL)
			ck_assert(tracer.calls[i].place > map.text_start &&
				  tracer.calls[i].place < map.text_end);
}
END_TEST

TCase *trace_test(void)
{
	TCase *tests = tcase_create("trace");
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, untouched_program_runs_as_ever);
	tcase_add_test(tests, errno_instead_of_the_call);
	tcase_add_test(tests, a_shorter_length);
	tcase_add_test(tests, a_shorter_vector_is_put_back);
	tcase_add_test(tests, a_signal_before_the_call_runs_its_handler_first);
	tcase_add_test(tests, a_signal_before_every_call_ends);
	tcase_add_test(tests, fork_fails_on_demand);
	tcase_add_test(tests, children_are_followed);
	tcase_add_test(tests, a_task_is_held_after_n_instructions);
	tcase_add_test(tests, handlers_are_walked_through);
	tcase_add_test(tests, a_call_knows_its_place);
	return tests;
}
