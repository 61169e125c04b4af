/* The runner: one job from its boxes to its evidence. */
#include "run/runner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/machine.h"
#include "sandbox/pass.h"

enum {
	MEMORY_POLL_MS = 10,
	LOOK_MS = 100,
	TURN_MS = 200,
	NOTE_BYTES = 2000,
};

static void answer(struct runner *runner, json_t *reply)
{
	AUTO_FREE char *text = json_dumps(reply, JSON_COMPACT);
	json_decref(reply);
	if (text == NULL || send(runner->asks, text, strlen(text), MSG_NOSIGNAL) < 0) {
		runner->failed = runner->failed || text == NULL || errno != EPIPE;
		if (runner->failed && runner->fault.error == 0)
			runner->fault = (struct box_fault){ .step = "answer the examiner",
							    .error = text == NULL ? ENOMEM
										  : errno };
	}
}

/* One message of the examiner, with the descriptors that came along. */
static void serve_ask(struct runner *runner)
{
	static char text[MESSAGE_BYTES];
	struct passed passed;
	ssize_t length = pass_receive(runner->asks, text, sizeof text, &passed, MSG_DONTWAIT);
	if (length <= 0)
		return;
	json_t *reply = message_serve(runner, text, (size_t)length, passed.fds, passed.fd_count);
	if (reply != NULL)
		answer(runner, reply);
	for (size_t i = 0; i < passed.fd_count; i++)
		(void)close(passed.fds[i]);
}

static void serve_stepped(struct runner *runner)
{
	if (!runner->stepped.waiting)
		return;
	json_t *reply = ask_stepped(runner, clock_us() >= runner->stepped.deadline_us);
	if (reply == NULL)
		return;
	runner->stepped.waiting = false;
	answer(runner, reply);
}

static void serve_subject(struct runner *runner)
{
	struct subject *subject = &runner->subject;
	struct box_fault fault = { .error = 0 };
	enum box_event event = box_read(&subject->box, false, &fault);
	bool lost = event == BOX_EVENT_FAULT || (event == BOX_EVENT_GONE && !subject->box.ended);
	struct cgroup_usage usage;
	cgroup_usage(&subject->box.group, &usage);
	/* The kernel ended init along with the rest of the group, or we did. */
	if (lost && (usage.oom || runner->ended_by_us)) {
		runner->oom = runner->oom || usage.oom;
		subject->box.ended = true;
		subject->box.wait_status = SIGKILL;
		return;
	}
	if (!lost || runner->failed)
		return;
	runner->failed = true;
	runner->fault = fault;
	if (event == BOX_EVENT_GONE)
		runner->fault = (struct box_fault){ .step = "watch the subject", .error = ECHILD };
}

/* A call of the never list ends the box; so does a flood of denied ones, which costs us the time
 * that it costs them. */
static void serve_guard(struct runner *runner)
{
	struct subject *subject = &runner->subject;
	if (subject->running && subject->box.guard.listener >= 0 && box_guard(&subject->box)) {
		runner->ended_by_us = true;
		runner->cpu_limit = runner->cpu_limit || subject->box.guard.violation < 0;
	}
	if (runner->examiner.guard.listener >= 0 && box_guard(&runner->examiner)) {
		runner->failed = true;
		runner->fault = (struct box_fault){ .step = "keep the examiner in its box",
						    .error = EPERM };
	}
}

/* The limits that need to be looked at from time to time. */
static void look(struct runner *runner)
{
	const struct box *box = &runner->subject.box;
	const bool grouped = box->group.kind != CGROUP_NONE;
	const uint64_t now_us = clock_us();
	if (!runner->subject.running || runner->ended_by_us || box->ended ||
	    now_us - runner->looked_us < (uint64_t)(grouped ? LOOK_MS : MEMORY_POLL_MS) * 1000)
		return;
	runner->looked_us = now_us;
	if (!grouped) {
		const uint64_t used_kib = tasks_memory_kib(box->init);
		if (used_kib > runner->peak_kib)
			runner->peak_kib = used_kib;
	}
	const enum box_excess excess = box_excess(box);
	if (excess == BOX_EXCESS_NONE)
		return;
	runner->oom = runner->oom || excess == BOX_EXCESS_MEMORY;
	runner->cpu_limit = runner->cpu_limit || excess == BOX_EXCESS_CPU;
	runner->ended_by_us = true;
	box_kill(box);
}

static void serve_output(struct pollfd *slot, struct stream *output)
{
	if (slot->fd >= 0 && slot->revents != 0)
		(void)stream_drain(output, slot->fd);
}

static int open_end(const struct box *box, const struct stream *outputs, size_t which)
{
	return outputs[which].closed ? -1 : box->output[which];
}

void runner_turn(struct runner *runner, int wait_ms)
{
	enum {
		ASKS,
		CHILDREN,
		EXAMINER,
		EXAMINER_OUT,
		EXAMINER_ERR,
		SUBJECT,
		SUBJECT_OUT,
		SUBJECT_ERR,
		SUBJECT_GUARD,
		EXAMINER_GUARD,
		SLOTS
	};
	struct subject *subject = &runner->subject;
	const bool polling = subject->running && subject->box.group.kind == CGROUP_NONE;
	const bool busy = !subject->running ||
			  subject->box.executed; /* no new question while one is being answered */
	struct pollfd polls[SLOTS] = {
		[ASKS] = { .fd = busy && !runner->stepped.waiting ? runner->asks : -1,
			   .events = POLLIN },
		[CHILDREN] = { .fd = runner->children, .events = POLLIN },
		[EXAMINER] = { .fd = runner->examiner.control, .events = POLLIN },
		[EXAMINER_OUT] = { .fd = open_end(&runner->examiner, runner->examiner_output, 0),
				   .events = POLLIN },
		[EXAMINER_ERR] = { .fd = open_end(&runner->examiner, runner->examiner_output, 1),
				   .events = POLLIN },
		[SUBJECT] = { .fd = subject->running && !subject->box.gone ? subject->box.control
									   : -1,
			      .events = POLLIN },
		[SUBJECT_OUT] = { .fd = subject->running
						? open_end(&subject->box, subject->output, 0)
						: -1,
				  .events = POLLIN },
		[SUBJECT_ERR] = { .fd = subject->running
						? open_end(&subject->box, subject->output, 1)
						: -1,
				  .events = POLLIN },
		[SUBJECT_GUARD] = { .fd = subject->running ? subject->box.guard.listener : -1,
				    .events = POLLIN },
		[EXAMINER_GUARD] = { .fd = runner->examiner.guard.listener, .events = POLLIN },
	};
	if (poll(polls, SLOTS, polling && wait_ms > MEMORY_POLL_MS ? MEMORY_POLL_MS : wait_ms) < 0)
		return;
	if (polls[CHILDREN].revents != 0) {
		struct signalfd_siginfo signals;
		(void)!read(runner->children, &signals, sizeof signals);
	}
	if (polls[SUBJECT_GUARD].revents != 0 || polls[EXAMINER_GUARD].revents != 0)
		serve_guard(runner);
	(void)trace_serve(&subject->tracer);
	serve_output(&polls[EXAMINER_OUT], &runner->examiner_output[0]);
	serve_output(&polls[EXAMINER_ERR], &runner->examiner_output[1]);
	serve_output(&polls[SUBJECT_OUT], &subject->output[0]);
	serve_output(&polls[SUBJECT_ERR], &subject->output[1]);
	for (size_t i = 0; i < 2; i++)
		runner->output_limit = runner->output_limit ||
				       subject->output[i].seen > OUTPUT_LIMIT;
	look(runner);
	if (polls[SUBJECT].revents != 0)
		serve_subject(runner);
	if (polls[EXAMINER].revents != 0) {
		enum box_event event = box_read(&runner->examiner, false, &runner->fault);
		runner->failed = runner->failed || event == BOX_EVENT_FAULT ||
				 event == BOX_EVENT_GONE;
	}
	serve_stepped(runner);
	if (polls[ASKS].revents != 0)
		serve_ask(runner);
}

static int watch_children(void)
{
	sigset_t child;
	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &child, NULL);
	return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int start_examiner(struct runner *runner)
{
	int sockets[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0) {
		runner->fault = (struct box_fault){ .step = "make the examiner's socket",
						    .error = errno };
		return errno;
	}
	const int bytes = MESSAGE_BYTES * 2;
	for (size_t i = 0; i < 2; i++)
		(void)setsockopt(sockets[i], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
	runner->asks = sockets[0];
	int error = job_start(&runner->job, PROGRAM_EXAMINER, false, &sockets[1], 1,
			      &runner->examiner, &runner->fault);
	(void)close(sockets[1]);
	for (size_t i = 0; error == 0 && i < 2; i++)
		(void)fcntl(runner->examiner.output[i], F_SETFL, O_NONBLOCK);
	if (error == 0)
		box_go(&runner->examiner);
	return error;
}

/* Who used the time? Asleep: nobody inside could go on. Busy: an endless loop. The judge decides by
 * these. */
static void note_wall(struct runner *runner)
{
	json_t *quiet = sample_quiet(runner);
	json_decref(quiet);
	(void)poll(NULL, 0, 20);
	quiet = sample_quiet(runner);
	json_array_append_new(runner->records,
			      json_pack("{s:s,s:b,s:O}", "rec", "wall", "asleep",
					json_is_true(json_object_get(quiet, "quiet")), "cpu_us",
					json_object_get(quiet, "cpu_us")));
	json_decref(quiet);
}

static void add_fact(struct runner *runner)
{
	const struct box *examiner = &runner->examiner;
	int status = examiner->ended && WIFEXITED(examiner->wait_status)
			     ? WEXITSTATUS(examiner->wait_status)
			     : 255;
	json_t *fact = json_pack(
		"{s:s,s:s,s:s,s:b,s:b,s:b,s:b,s:i,s:i,s:I,s:I,s:I}", "rec", "fact", "by", "grade",
		"setup", runner->failed ? "failed" : "ok", "wall", runner->wall, "oom", runner->oom,
		"cpu_limit", runner->cpu_limit, "output_limit", runner->output_limit,
		"examiner_exit", status, "subjects", (int)runner->subjects, "peak_kib",
		(json_int_t)runner->peak_kib, "cpu_ms", (json_int_t)(runner->cpu_us / 1000),
		"wall_ms", (json_int_t)((clock_us() - runner->start_us) / 1000));
	json_object_set(fact, "denied", runner->denied);
	json_object_set(fact, "rings", runner->rings);
	if (runner->failed) {
		json_object_set_new(fact, "step", json_string(runner->fault.step));
		json_object_set_new(fact, "errno", json_integer(runner->fault.error));
	}
	if (status != 0 || runner->failed) {
		const struct stream *err = &runner->examiner_output[1];
		err->text[err->kept < NOTE_BYTES ? err->kept : NOTE_BYTES] = '\0';
		json_t *text = json_string(err->text);
		json_object_set_new(fact, "examiner_said",
				    text != NULL ? text : json_string("(not UTF-8)"));
	}
	json_array_append_new(runner->records, fact);
}

json_t *runner_run(const struct run_job *spec)
{
	static struct runner runner; /* large; one job per process */
	runner = (struct runner){
		.spec = spec,
		.asks = -1,
		.records = json_array(),
		.start_us = clock_us(),
		.denied = json_array(),
		.rings = json_array(),
	};
	runner.examiner = (struct box){
		.control = -1,
		.output = { -1, -1 },
		.init_handle = -1,
		.dirs = { -1, -1, -1 },
		.guard = { .listener = -1 },
	};
	for (size_t i = 0; i < 2; i++) {
		stream_init(&runner.examiner_output[i], OUTPUT_KEPT);
		stream_init(&runner.subject.output[i], OUTPUT_KEPT);
	}
	const unsigned wall_ms = spec->limits.wall_ms > 0 ? spec->limits.wall_ms : 60000;
	runner.deadline_us = runner.start_us + (uint64_t)wall_ms * 1000 * machine_factor();
	programs_describe(&runner);
	runner.children = watch_children();
	runner.failed = runner.children < 0 ||
			job_open(&runner.job, runner.boxes, PROGRAM_COUNT, &runner.fault) != 0 ||
			start_examiner(&runner) != 0;
	while (!runner.failed && !runner.wall && !runner.output_limit && !runner.examiner.ended) {
		runner_turn(&runner, TURN_MS);
		runner.wall = clock_us() >= runner.deadline_us;
	}
	if (runner.wall)
		note_wall(&runner);
	if (runner.examiner.ended) /* what it said last may still stand in the socket */
		for (size_t i = 0; i < RECORDS_MAX &&
				   recv(runner.asks, &(char){ 0 }, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
		     i++)
			serve_ask(&runner);
	subject_stop(&runner);
	box_destroy(&runner.examiner);
	job_close(&runner.job);
	add_fact(&runner);
	return runner.records;
}
