/* Part B, its threads: they compute at the same time, one that cannot be made is told to its
 * client, and SIGTERM may come to any of them. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include "served.h"

#define GAIN_US  50000u
#define ALONE_US 2000000u

/* CPU time that the busiest task and the one after it have gained. */
static void gains(const struct sample *before, const struct sample *now, uint64_t gain[2])
{
	gain[0] = gain[1] = 0;
	for (size_t i = 0; i < now->task_count; i++) {
		uint64_t us = now->task[i].cpu_us;
		for (size_t k = 0; k < before->task_count; k++)
			if (before->task[k].pid == now->task[i].pid)
				us -= before->task[k].cpu_us;
		if (us > gain[0]) {
			gain[1] = gain[0];
			gain[0] = us;
		} else if (us > gain[1]) {
			gain[1] = us;
		}
	}
}

LAB_TEST(computes_side_by_side, .id = "L2.B.6", .points = 1, .detector = "trace", .builds = "nat",
	 .about = "thread_server_run",
	 .title = "two requests that compute gain CPU time before either is answered")
{
	static const struct law both = {
		.finding = "serialised",
		.name = "two computations go on at the same time",
		.why = "The kernel divides its processors among all threads that can run: who "
		       "gains "
		       "nothing while another computes is waiting for a lock.",
	};
	static struct sample before, now;
	struct world *w = served_open();
	struct wait wait = { .patient = true };
	uint64_t gain[2] = { 0 };
	struct client c[2];
	char target[96];

	WORLD_SERVER(w, .trace = false);
	(void)stage_settle(&w->stage);
	runner_sample(0, &before);
	/* Longer than any test: what is waited for is CPU time, not an answer. */
	for (size_t i = 0; i < 2; i++)
		(void)ask_plan(w, &c[i], "c1000000000000", target);
	while (gain[1] < GAIN_US && gain[0] < ALONE_US) {
		if (!stage_turn(&w->stage, &wait)) {
			law_server_runs(w);
			LAW(false, "not-served", "two requests came and the server sleeps");
		}
		runner_sample(0, &now);
		gains(&before, &now, gain);
		LAW(!client_ended(&c[0]) && !client_ended(&c[1]), "not-served",
		    "a connection ended in the middle of its computation");
	}
	LAW_OF(&both, gain[1] >= GAIN_US,
	       "one thread has computed for 2 s of CPU time, and no second one has begun");
	EVIDENCE("requests", 2);
}

/* No thread can be made any more: the client that comes now is told so. */
static void law_told(struct world *w)
{
	struct client c;
	struct answer a;

	unsigned rule = runner_inject(&(struct injection){
		.calls = { "@fork" }, .who = "any", .from = 1, .times = 1000000, .error = EAGAIN });
	connect_to(w, &c);
	send_get(&c, "/ping");
	if (!WAIT_UNTIL(&w->stage, client_answered(&c, &a) || client_ended(&c)) ||
	    !client_answered(&c, &a)) {
		law_server_runs(w);
		LAW(false, "thread-failure-unanswered", "pthread_create returns EAGAIN: %s",
		    client_ended(&c) ? "the client is closed without a word"
				     : "the client is neither answered nor closed");
	}
	LAW(runner_fired(rule) > 0, "no-own-thread",
	    "a client was served and no thread was made for it");
	LAW(a.status == 503, "thread-failure-unanswered",
	    "pthread_create returns EAGAIN: the client got status %d, not 503", a.status);
	LAW(WAIT_UNTIL(&w->stage, client_ended(&c)), "excess-not-closed",
	    "a client that was told 503 is not closed");
	client_close(&c);
	LAW(stage_settle(&w->stage), "busy-wait",
	    "pthread_create returns EAGAIN: the server does not fall asleep again");
	runner_disarm();
}

#define STACK_BYTES  (3u << 20)
#define STACK_MARGIN (512u << 10)

/* A stack is a mapping, made before the thread. */
static void law_stack(struct world *w)
{
	struct call_log log;
	struct client c;
	bool seen = false;

	WORLD_SERVER(w, .trace = true, .config = { .stack_bytes = STACK_BYTES });
	connect_to(w, &c);
	law_get(w, &c, "/ping", "not-served");
	runner_calls(0, (const char *const[]){ "mmap", NULL }, &log);
	for (size_t i = 0; i < log.count; i++)
		seen = seen || (log.call[i].a[1] >= STACK_BYTES &&
				log.call[i].a[1] <= STACK_BYTES + STACK_MARGIN);
	call_log_free(&log);
	LAW(seen, "stack-bytes-ignored",
	    "stack_bytes is 3 MiB and no stack of this size was made for a connection");
	client_close(&c);
}

LAB_TEST(
	survives_no_thread, .id = "L2.B.7", .points = 2, .detector = "FI", .builds = "nat",
	.about = "thread_server_run",
	.title = "a thread that cannot be made costs one client, who gets 503; stack_bytes is used")
{
	struct world *w = served_open();
	struct client c[2];

	WORLD_SERVER(w, .trace = true);
	law_clients(w, c, 1);
	client_close(&c[0]);
	(void)stage_settle(&w->stage);
	size_t before = world_descriptors(w);
	law_told(w);
	LAW(WAIT_UNTIL(&w->stage, world_descriptors(w) <= before), "fd-leak",
	    "a client could not be served and its descriptor stays open");
	law_clients(w, c, 2);
	law_stack(w);
	EVIDENCE("connections", 5);
}

#define IDLE 2

/* One life: idle clients and one whose reply is held, then SIGTERM to the nth task. False: there is
 * no such task. */
static bool law_orderly(struct world *w, size_t n)
{
	static struct sample s;
	struct client gate, idle[IDLE], busy;
	char target[96], when[64];
	struct answer a;

	w->backend.hold = true;
	w->model.draining = false;
	struct holding before = served_begin(w, &gate, &(const struct server_options){ 0 });
	law_clients(w, idle, IDLE);
	uint64_t seed = ask_plan(w, &busy, "r1", target);
	LAW(WAIT_UNTIL(&w->stage, backend_holds(&w->backend, seed)), "not-served",
	    "a request with an r step never asks the backend");
	(void)stage_settle(&w->stage);
	runner_sample(0, &s);
	if (n >= s.task_count)
		return false;
	bool main = s.task[n].pid == w->main;
	const char *finding = main ? "sigterm-ignored" : "signal-hits-worker";
	(void)snprintf(when, sizeof(when), "SIGTERM came to %s",
		       main ? "the first thread" : "a thread that the server made");
	runner_signal(s.task[n].pid, SIGTERM);
	for (size_t i = 0; i < IDLE; i++)
		LAW(WAIT_UNTIL(&w->stage, client_ended(&idle[i])),
		    main ? "idle-not-closed" : finding,
		    "%s: an idle connection is not closed at once", when);
	w->model.draining = true;
	backend_release(&w->backend, seed);
	(void)WAIT_UNTIL(&w->stage, client_answered(&busy, &a) || client_ended(&busy));
	LAW(client_answered(&busy, &a), main ? "drain-cut-short" : finding,
	    "%s: the request under way got its reply, and its client no answer", when);
	law_answer(w, &busy, target, "no-connection-close");
	law_returned(w, &gate, &before, finding, when);
	for (size_t i = 0; i < IDLE; i++)
		client_close(&idle[i]);
	client_close(&busy);
	return true;
}

LAB_TEST(ends_whoever_hears, .id = "L2.B.8", .points = 1, .detector = "SIG", .builds = "nat",
	 .about = "thread_server_run",
	 .title = "SIGTERM ends the server in order, to whichever thread it comes")
{
	struct world *w = served_open();
	size_t n = 0;

	while (law_orderly(w, n))
		n++;
	EVIDENCE("threads", IDLE + 2);
}
