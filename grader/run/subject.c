/* Starts and ends the program under test. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/machine.h"
#include "run/runner.h"

enum { EXEC_WAIT_MS = 20000, END_WAIT_MS = 10000 };

static void note_exit(void *context)
{
	struct runner *runner = context;
	json_decref(runner->subject.at_exit);
	runner->subject.at_exit = sample_take(runner, true, false, false);
	json_object_set_new(runner->subject.at_exit, "seen", json_true());
}

int subject_start(struct runner *runner, enum program program, bool trace, bool handlers,
		  const int *fds, size_t fd_count)
{
	struct subject *subject = &runner->subject;
	subject_stop(runner);
	json_decref(subject->at_exit);
	subject->at_exit = NULL;
	trace_fini(&subject->tracer);
	for (size_t i = 0; i < 2; i++)
		stream_clear(&subject->output[i]);
	subject->program = program;
	subject->running = true;
	runner->ended_by_us = false;
	runner->subjects++;
	int error = job_start(&runner->job, (size_t)program, trace, fds, fd_count, &subject->box,
			      &runner->fault);
	for (size_t i = 0; error == 0 && i < 2; i++)
		(void)fcntl(subject->box.output[i], F_SETFL, O_NONBLOCK);
	if (error == 0 && (error = detector_watch(runner)) != 0)
		runner->fault = (struct box_fault){ .step = "watch the reports", .error = error };
	if (error == 0 && trace) {
		subject->tracer.on_exit = note_exit;
		subject->tracer.context = runner;
		error = trace_start(&subject->tracer, subject->box.main, &runner->maps[program],
				    handlers);
		if (error != 0)
			runner->fault = (struct box_fault){ .step = "trace the program",
							    .error = error };
	}
	if (error == 0)
		box_go(&subject->box);
	const uint64_t deadline_us = clock_us() + (uint64_t)EXEC_WAIT_MS * 1000 * machine_factor();
	while (error == 0 && !subject->box.executed && !runner->failed && clock_us() < deadline_us)
		runner_turn(runner, 100);
	if (error != 0 || !subject->box.executed) {
		runner->failed = true;
		subject_stop(runner);
		return error != 0                 ? error
		       : runner->fault.error != 0 ? runner->fault.error
						  : ETIMEDOUT;
	}
	return 0;
}

/* The kernel ends a PID namespace only when each traced task in it has been let go and waited for.
 */
static void await_end(struct runner *runner)
{
	struct subject *subject = &runner->subject;
	const uint64_t deadline_us = clock_us() + (uint64_t)END_WAIT_MS * 1000 * machine_factor();
	struct pollfd polls[2] = {
		{ .fd = subject->box.init_handle, .events = POLLIN },
		{ .fd = runner->children, .events = POLLIN },
	};
	if (!subject->tracer.active) {
		box_end(&subject->box);
		return;
	}
	box_kill(&subject->box);
	trace_end(&subject->tracer);
	while ((polls[0].revents & POLLIN) == 0 && clock_us() < deadline_us) {
		if (poll(polls, 2, 100) < 0)
			continue;
		char siginfo[128];
		if ((polls[1].revents & POLLIN) != 0)
			(void)!read(runner->children, siginfo, sizeof siginfo);
		(void)trace_serve(&subject->tracer);
	}
}

void subject_stop(struct runner *runner)
{
	struct subject *subject = &runner->subject;
	struct cgroup_usage usage;
	if (!subject->running)
		return;
	await_end(runner);
	for (size_t i = 0; i < 2; i++)
		stream_drain_rest(&subject->output[i], subject->box.output[i]);
	cgroup_usage(&subject->box.group, &usage);
	runner->oom = runner->oom || usage.oom;
	runner->cpu_us += usage.cpu_us;
	if (usage.peak_kib > runner->peak_kib)
		runner->peak_kib = usage.peak_kib;
	if (subject->box.ended && WIFSIGNALED(subject->box.wait_status) &&
	    WTERMSIG(subject->box.wait_status) == SIGXCPU)
		runner->cpu_limit = true;
	detector_collect(runner);
	denied_keep(runner);
	box_destroy(&subject->box);
	subject->tracer.active = false;
	subject->running = false;
}
