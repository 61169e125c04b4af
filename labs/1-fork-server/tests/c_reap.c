/* Part C: children that end are reaped, however many at once; faults of accept and fork cost one
 * client at most. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "lab1.h"

#define AT_ONCE 32

static const struct law REAPED = {
	.finding = "zombie",
	.name = "every child that ended is reaped",
	.why = "A pending signal is a flag, not a counter: one SIGCHLD may stand for many "
	       "children.",
};

/* All children are gone, zombies too. */
static void law_reaped(struct world *w, const char *when)
{
	if (WAIT_UNTIL(&w->stage, server_has(1)))
		return;
	law_server_runs(w);
	struct census c = server_census();
	LAW(c.alive <= 1, "child-stays", "%s: a client has gone and its process sleeps on", when);
	LAW_OF(&REAPED, c.zombies == 0, "%s: children that have ended stay as zombies", when);
}

static void open_served(struct world *w, struct client *c, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		connect_to(w, &c[i]);
		send_get(&c[i], "/ping");
	}
	for (size_t i = 0; i < count; i++)
		law_answer(w, &c[i], "/ping", "not-served");
}

/* All of them close while the server process is stopped, so that their SIGCHLD are one. */
static void end_together(struct world *w, struct client *c, size_t count)
{
	runner_signal(0, SIGSTOP);
	w->stage.frozen = w->main;
	for (size_t i = 0; i < count; i++)
		client_close(&c[i]);
	bool left = WAIT_UNTIL(&w->stage, server_census().alive <= 1);
	runner_signal(0, SIGCONT);
	w->stage.frozen = 0;
	LAW(left, "child-stays", "the client has gone and the process of its connection sleeps on");
}

LAB_TEST(leaves_nothing, .id = "L1.C.3", .points = 6, .detector = "RES", .builds = "nat",
	 .about = "fork_server_run",
	 .title = "after 500 connections no zombie, no child and no descriptor is left")
{
	static struct client c[AT_ONCE];
	struct world *w = world_open("fork_server_run");

	WORLD_SERVER(w, .trace = false);
	open_served(w, c, 1);
	client_close(&c[0]);
	law_reaped(w, "connections that came and went");
	size_t before = world_descriptors(w);
	for (size_t done = 0; done < 500;) {
		size_t n = done + AT_ONCE < 500 ? AT_ONCE : 500 - done;
		done += n;
		open_served(w, c, n);
		if (done == 500) {
			end_together(w, c, n);
			break;
		}
		for (size_t i = 0; i < n; i++)
			client_close(&c[i]);
		/* No more than this many at a time: the box has a bound for tasks. */
		law_reaped(w, "connections that came and went");
	}
	law_reaped(w, "connections that came and went");
	LAW(WAIT_UNTIL(&w->stage, world_descriptors(w) <= before), "fd-leak",
	    "the server process holds more descriptors after 500 connections than before");
	EVIDENCE("connections", 501);
}

LAB_TEST(reaps_merged_signals, .id = "L1.C.4", .points = 4, .detector = "SIG", .builds = "nat",
	 .about = "fork_server_run",
	 .title = "children whose SIGCHLD merge into one are all reaped")
{
	static struct client c[50];
	struct world *w = world_open("fork_server_run");

	WORLD_SERVER(w, .trace = false);
	open_served(w, c, 50);
	end_together(w, c, 50);
	law_reaped(w, "50 children that ended while the server was stopped");
	open_served(w, c, 1);
	client_close(&c[0]);

	/* Once more, with a signal before each of its calls while they end. */
	WORLD_SERVER(w, .trace = true);
	open_served(w, c, 8);
	runner_inject(
		&(struct injection){ .who = "main", .from = 1, .times = 100, .signal = SIGCHLD });
	for (size_t i = 0; i < 8; i++)
		client_close(&c[i]);
	law_reaped(w, "a SIGCHLD before each call of the server while 8 children end");
	runner_disarm();
	open_served(w, c, 1);
	EVIDENCE("children", 58);
}

/* One client was in reach of the fault: it is answered, told 503, or closed; and never left alone.
 */
static void law_dealt_with(struct world *w, struct client *c, const char *when, const char *finding)
{
	struct answer a;

	if (!WAIT_UNTIL(&w->stage, client_answered(c, &a) || client_ended(c))) {
		law_server_runs(w);
		LAW(false, finding, "%s: a client is neither served nor closed", when);
	}
	law_server_runs(w);
	bool answered = client_answered(c, &a);
	LAW(!answered || a.status == 200 || a.status == 503, "wrong-answer",
	    "%s: a client got status %d, neither 200 nor 503", when, a.status);
}

static uint64_t calls_of_main(struct world *w, uint64_t *next)
{
	static const char *const names[] = { NULL };
	struct call_log log;
	uint64_t n = 0;

	runner_calls(*next, names, &log);
	for (size_t i = 0; i < log.count; i++)
		n += log.call[i].pid == w->main && log.call[i].name[0] != '+';
	*next = log.next;
	call_log_free(&log);
	return n;
}

/* The fault hits while clients come; then everything is as before. */
static void law_survives(struct world *w, const struct injection *fault, const char *when,
			 const char *finding)
{
	struct client c[3];
	uint64_t next = 0;

	(void)stage_settle(&w->stage);
	(void)calls_of_main(w, &next);
	unsigned rule = runner_inject(fault);
	/* A call that sleeps already is not hit: then the second client meets the fault. */
	for (size_t i = 0; i < 2; i++) {
		connect_to(w, &c[i]);
		send_get(&c[i], "/ping");
		law_dealt_with(w, &c[i], when, finding);
	}
	bool settled = stage_settle(&w->stage);
	LAW(settled, "busy-wait", "%s: the server does not fall asleep again", when);
	LAW(runner_fired(rule) > 0, "not-reached", "%s: the server made no such call", when);
	uint64_t calls = calls_of_main(w, &next);
	LAW(calls <= 100, "busy-wait", "%s: the server made more than 50 calls for each client",
	    when);
	runner_disarm();
	connect_to(w, &c[2]);
	law_get(w, &c[2], "/ping", "not-served-after-fault");
	for (size_t i = 0; i < 3; i++)
		client_close(&c[i]);
	LAW(WAIT_UNTIL(&w->stage, server_census().alive <= 1), "child-stays",
	    "%s: the clients have gone and a child sleeps on", when);
}

LAB_TEST(survives_faults, .id = "L1.C.6", .points = 2, .detector = "FI", .builds = "nat",
	 .about = "fork_server_run",
	 .title = "an accept or a fork that fails costs one client at most and not the server")
{
	struct world *w = world_open("fork_server_run");
	struct injection f = { .calls = { "@accept" }, .who = "main", .from = 1, .times = 1 };

	WORLD_SERVER(w, .trace = true);
	f.error = EINTR;
	law_survives(w, &f, "accept returns EINTR", "accept-fault");
	f.error = EMFILE;
	law_survives(w, &f, "accept returns EMFILE", "accept-fault");
	f.error = ECONNABORTED;
	f.signal = SIGCHLD;
	f.after = true;
	law_survives(w, &f, "accept returns ECONNABORTED and SIGCHLD comes", "accept-fault");
	f = (struct injection){
		.calls = { "@fork" }, .who = "main", .from = 1, .times = 1, .error = EAGAIN
	};
	law_survives(w, &f, "fork returns EAGAIN", "fork-failure-ignored");
	EVIDENCE("faults", 4);
}
