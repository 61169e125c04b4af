/* Part E, the end: SIGTERM with idle connections, with requests under way, and before every single
 * system call of the server. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "common/clab.h"
#include "lab1.h"

static const struct law NO_CHILD_LEFT = {
	.finding = "children-left-behind",
	.detector = "RES",
	.name = "every child is reaped before the server ends",
	.why = "A server that ends first leaves its children running, or as zombies, to nobody.",
};

/* When main was about to exit: no other task of the subject, and the listener is still open. */
static void law_clean_exit(struct world *w)
{
	static struct sample s;
	size_t others = 0;
	bool listening = false;

	LAW(runner_at_exit(&s), "no-exit", "the server was not seen to exit by itself");
	for (size_t i = 0; i < s.task_count; i++)
		others += s.task[i].process != w->main;
	LAW_OF(&NO_CHILD_LEFT, others == 0, "%zu children were left when the server ended", others);
	for (size_t i = 0; i < s.fd_count; i++)
		listening = listening ||
			    (s.fd[i].pid == w->main && s.fd[i].inode == w->server.listener);
	LAW(listening, "closes-borrowed", "the server closed the listener, which is only borrowed");
}

static void law_exit_status(struct world *w)
{
	struct ending e = stage_ending(&w->stage);

	LAW(!e.signal, "killed-by-signal", "SIGTERM ended the server instead of being handled");
	LAW(e.exit_status == 0, "exit-status", "after SIGTERM the exit status is %d, not 0",
	    e.exit_status);
}

LAB_TEST(ends_on_sigterm, .id = "L1.E.1", .gate = true, .points = 5, .detector = "function",
	 .builds = "nat", .about = "fork_server_run",
	 .title = "SIGTERM ends an idle server: status 0, connections closed, no child left")
{
	struct world *w = world_open("fork_server_run");
	struct client c[3];

	/* Short enough to pass while the server sleeps: who closes idle ones late is found by
	 * drains. */
	WORLD_SERVER(w, .trace = true, .config = { .drain_timeout_ms = 700 });
	for (size_t i = 0; i < 3; i++) {
		connect_to(w, &c[i]);
		law_get(w, &c[i], "/ping", "not-served");
	}
	(void)stage_settle(&w->stage);
	law_stops(w);
	law_exit_status(w);
	law_clean_exit(w);
	LAW(WAIT_UNTIL(&w->stage,
		       client_ended(&c[0]) && client_ended(&c[1]) && client_ended(&c[2])),
	    "idle-not-closed", "the server has ended and connections are still open");
	EVIDENCE("connections", 3);
}

#define DRAIN_MS    500u
#define DRAIN_TRIES 4

/* A drain: two requests are released in time, the third never. */
struct drain {
	struct client idle, c[3];
	uint64_t seed[3];
	char target[3][96];
	uint64_t signal_us, drain_us;
};

static void drain_begin(struct world *w, struct drain *d, unsigned drain_ms)
{
	d->drain_us = drain_ms * 1000ull;
	WORLD_SERVER(w, .config = { .drain_timeout_ms = drain_ms });
	connect_to(w, &d->idle);
	law_get(w, &d->idle, "/ping", "not-served");
	for (size_t i = 0; i < 3; i++) {
		d->seed[i] = world_seed(w);
		work_target(d->target[i], d->seed[i], "r1");
		connect_to(w, &d->c[i]);
		send_get(&d->c[i], d->target[i]);
	}
	if (!WAIT_UNTIL(&w->stage, backend_holds(&w->backend, d->seed[0]) &&
					   backend_holds(&w->backend, d->seed[1]) &&
					   backend_holds(&w->backend, d->seed[2]))) {
		law_server_runs(w);
		LAW(false, "not-served",
		    "three requests with an r step do not all ask the backend");
	}
	/* Whoever counts from the start of a child finds all of them overdue. */
	stage_until(&w->stage, cl_now_us() + d->drain_us);
	d->signal_us = cl_now_us();
	runner_signal(0, SIGTERM);
}

static const struct law FULL_DRAIN = {
	.finding = "drain-cut-short",
	.name = "requests under way have drain_timeout_ms from SIGTERM on",
	.why = "The time runs from the signal, not from the start of a request or of its process.",
};

/* What one drain has shown. */
enum shown { SHOWN_ALL, SHOWN_IDLE_LATE, SHOWN_TOO_SLOW };

/* Did the process of the idle connection go while the others are still there? Its end of file is
 * not asked for: a parent that holds the connection would hide it. */
static enum shown idle_goes(struct world *w, struct drain *d)
{
	(void)WAIT_UNTIL(&w->stage, server_census().alive < 5 || client_ended(&d->c[2]));
	(void)stage_settle(&w->stage);
	return cl_now_us() - d->signal_us > d->drain_us / 2 ? SHOWN_IDLE_LATE : SHOWN_ALL;
}

/* States laws only as far as this machine was quick enough to tell. */
static enum shown law_drains(struct world *w, struct drain *d)
{
	enum shown idle = idle_goes(w, d);
	bool cut = client_ended(&d->c[0]) || client_ended(&d->c[1]) || client_ended(&d->c[2]);

	if (idle != SHOWN_ALL)
		return idle;
	LAW_OF(&FULL_DRAIN, !cut, "a request was cut at once, though there was time for it");
	w->model.draining = true;
	for (size_t i = 0; i < 2; i++)
		backend_release(&w->backend, d->seed[i]);
	for (size_t i = 0; i < 2; i++) {
		struct answer a;
		bool answered = WAIT_UNTIL(&w->stage, client_answered(&d->c[i], &a) ||
							      client_ended(&d->c[i])) &&
				client_answered(&d->c[i], &a);
		if (!answered && cl_now_us() - d->signal_us > d->drain_us)
			return SHOWN_TOO_SLOW;
		LAW_OF(&FULL_DRAIN, answered,
		       "a request got its reply in time and its client no answer");
		law_answer(w, &d->c[i], d->target[i], "no-connection-close");
	}
	return SHOWN_ALL;
}

LAB_TEST(drains, .id = "L1.E.2", .points = 4, .detector = "HOLD", .builds = "nat",
	 .about = "fork_server_run",
	 .title = "requests under way have drain_timeout_ms after SIGTERM, and not for ever")
{
	struct world *w = world_open("fork_server_run");
	static struct drain d;
	unsigned drain_ms = DRAIN_MS;
	enum shown shown = SHOWN_TOO_SLOW;

	w->backend.hold = true;
	for (unsigned i = 0; i < DRAIN_TRIES && shown != SHOWN_ALL; i++, drain_ms *= 2) {
		w->model.draining = false;
		drain_begin(w, &d, drain_ms);
		shown = law_drains(w, &d);
	}
	LAW(shown != SHOWN_IDLE_LATE, "idle-not-closed",
	    "SIGTERM came and an idle connection is not closed at once");
	if (shown == SHOWN_TOO_SLOW)
		fault("this machine is too slow: 4 s of drain time are over before two answers are "
		      "read");
	bool ended = WAIT_UNTIL(&w->stage, client_ended(&d.c[2]) || server_ended());
	LAW_OF(&FULL_DRAIN, !ended || cl_now_us() >= d.signal_us + d.drain_us,
	       "a request was cut before the drain time was over");
	LAW(WAIT_UNTIL(&w->stage, server_ended()), "drains-for-ever",
	    "the drain time is over, a request gets no reply, and the server waits on");
	LAW_OF(&FULL_DRAIN, cl_now_us() >= d.signal_us + d.drain_us,
	       "the server ended before the drain time was over, with a request under way");
	LAW(server_census().alive == 0, "children-left-behind",
	    "the server has ended and the process of a request is still there");
	law_exit_status(w);
	EVIDENCE("requests", 3);
}

#define BOUNDARIES_MAX 400
#define LIFE_CONNS     3

static const struct law ALWAYS_ENDS = {
	.finding = "stop-flag-race",
	.name = "SIGTERM ends the server wherever it comes",
	.why = "Looking whether to stop and falling asleep must be one step, as with ppoll, "
	       "signalfd or a "
	       "self-pipe: else the signal comes in between and nobody looks again.",
};

/* One client of the scripted life: comes, is served (or not any more), goes. */
static void one_visit(struct world *w, unsigned rule)
{
	struct client c;
	struct answer a;

	connect_to(w, &c);
	send_get(&c, "/ping");
	(void)WAIT_UNTIL(&w->stage,
			 client_answered(&c, &a) || client_ended(&c) || runner_fired(rule) > 0);
	client_close(&c);
	/* Asleep again, so that the next client cannot wake a server that should have ended. */
	(void)WAIT_UNTIL(&w->stage, server_has(1) || runner_fired(rule) > 0 || server_ended());
	(void)stage_settle(&w->stage);
}

/* The server process sleeps after SIGTERM: shows in which call, and from where it was made. */
static void law_sleeps_on(struct world *w, unsigned n)
{
	struct law law = ALWAYS_ENDS;
	struct call_log log;
	char call[sizeof(log.call->name)] = "a call";

	runner_calls(0, (const char *const[]){ NULL }, &log);
	for (size_t i = log.count; i-- > 0;) {
		if (log.call[i].pid != w->main || !log.call[i].inside)
			continue;
		memcpy(call, log.call[i].name, sizeof(call));
		law.where[0] = (struct where){ .place = log.call[i].place, .role = "sleeps here" };
		break;
	}
	call_log_free(&log);
	LAW_OF(&law, false,
	       "SIGTERM came before call %u of the server process, which then sleeps in %s for "
	       "ever",
	       n, call);
}

/* A life with SIGTERM before the nth call of the server process. False: it has no nth call. */
static bool law_ends_at(struct world *w, unsigned n)
{
	WORLD_SERVER(w, .trace = true, .config = { .drain_timeout_ms = 200 });
	(void)stage_settle(&w->stage);
	unsigned rule = runner_inject(
		&(struct injection){ .who = "main", .from = n, .times = 1, .signal = SIGTERM });
	for (unsigned i = 0; i < LIFE_CONNS && runner_fired(rule) == 0; i++)
		one_visit(w, rule);
	struct ending e = stage_ending(&w->stage);
	if (runner_fired(rule) == 0) { /* asked after it: a server may look now and then */
		LAW(!e.ended || e.signal || e.exit_status != 1, "not-written",
		    "fork_server_run is not written yet: the server ended at once with status 1");
		law_not_ended(&e, "fork_server_run");
		return false;
	}
	if (!WAIT_UNTIL(&w->stage, server_ended()))
		law_sleeps_on(w, n);
	LAW_OF(&ALWAYS_ENDS, true, "ended");
	law_exit_status(w);
	return true;
}

#define QUEUE       48 /* clients that wait to be accepted while SIGTERM comes */
#define QUEUE_BATCH 16 /* accepted after it at most: who accepts in batches may finish one */

static const struct law HEARS_WHILE_BUSY = {
	.finding = "deaf-while-busy",
	.name = "SIGTERM is noticed although clients keep coming",
	.why = "A wait that lets signals in only while it sleeps, as ppoll does, never lets one in "
	       "while a "
	       "client is always ready.",
};

static size_t count_accepted(void)
{
	struct call_log log;
	size_t accepted = 0;

	runner_calls(0, (const char *const[]){ "@accept", NULL }, &log);
	for (size_t i = 0; i < log.count; i++)
		accepted += log.call[i].name[0] == 'a' && !log.call[i].inside && log.call[i].r >= 0;
	call_log_free(&log);
	return accepted;
}

/* Clients queue up while the server process is stopped; SIGTERM comes as it accepts the first. */
static void law_hears_while_busy(struct world *w)
{
	struct client c[QUEUE];

	WORLD_SERVER(w, .trace = true, .config = { .drain_timeout_ms = 200 });
	(void)stage_settle(&w->stage);
	runner_signal(0, SIGSTOP);
	for (size_t i = 0; i < QUEUE; i++) {
		connect_to(w, &c[i]);
		(void)WAIT_UNTIL(&w->stage, !c[i].connecting);
	}
	unsigned rule = runner_inject(&(struct injection){ .calls = { "@accept" },
							   .who = "main",
							   .from = 1,
							   .times = 1,
							   .signal = SIGTERM,
							   .after = true });
	runner_signal(0, SIGCONT);
	LAW(WAIT_UNTIL(&w->stage, runner_fired(rule) > 0 || server_ended()), "not-served",
	    "clients wait and the server accepts none");
	LAW_OF(&HEARS_WHILE_BUSY, WAIT_UNTIL(&w->stage, server_ended()),
	       "SIGTERM came while clients were waiting, and the server runs on");
	LAW_OF(&HEARS_WHILE_BUSY, count_accepted() <= 1 + QUEUE_BATCH,
	       "SIGTERM came while %d clients were waiting, and the server went on to accept them",
	       QUEUE - 1);
	law_exit_status(w);
	for (size_t i = 0; i < QUEUE; i++)
		client_close(&c[i]);
}

LAB_TEST(ends_at_any_call, .id = "L1.E.3", .points = 4, .detector = "SIG", .builds = "nat",
	 .about = "fork_server_run",
	 .title = "SIGTERM ends the server before whichever of its system calls it comes")
{
	struct world *w = world_open("fork_server_run");
	unsigned n = 1;

	while (n <= BOUNDARIES_MAX && law_ends_at(w, n))
		n++;
	LAW(n > 1, "not-reached",
	    "the server process makes no system call while clients come and go");
	law_hears_while_busy(w);
	EVIDENCE("connections", LIFE_CONNS + QUEUE);
}
