/* Part C: a process for every connection, and what it holds. Held replies prove overlap, the tracer
 * who reads and writes, samples who holds which descriptor. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "common/srv_main.h"
#include "lab1.h"

#define CONNS 4

/* The one process that reads and writes the socket, by the log; 0: none, -1: several. */
static pid_t user_of(const struct call_log *log, uint64_t inode, uint64_t *place)
{
	pid_t found = 0;

	for (size_t i = 0; i < log->count; i++) {
		const struct call *c = &log->call[i];
		if (c->inode != inode || c->name[0] == '+' || !strncmp(c->name, "accept", 6))
			continue;
		if (found && found != c->pid)
			return -1;
		found = c->pid;
		*place = c->place;
	}
	return found;
}

static const struct law OWN_PROCESS = {
	.finding = "no-own-process",
	.name = "every connection is served by a process of its own",
	.why = "fork_server_run forks one child per connection; the server process only accepts.",
};

/* One connection, two requests; the process that served it. */
static pid_t law_own_process(struct world *w)
{
	static const char *const names[] = { "@read", "@write", NULL };
	struct call_log log;
	struct client c;
	uint64_t place = 0;

	connect_to(w, &c);
	law_get(w, &c, "/ping", "not-served");
	law_get(w, &c, "/bytes/100?seed=1", "not-served");
	uint64_t inode = server_accepted(&w->server, &c);
	runner_calls(0, names, &log);
	pid_t pid = user_of(&log, inode, &place);
	LAW_OF(&OWN_PROCESS, pid != 0,
	       "the answers came, but nobody is seen to read the connection");
	LAW_OF(&OWN_PROCESS, pid > 0, "several processes read and write one connection");
	LAW_OF(&OWN_PROCESS, pid != w->main,
	       "the server process itself reads and writes a connection");
	call_log_free(&log);
	client_close(&c);
	return pid;
}

static const struct law NO_ACCEPT = {
	.finding = "child-accepts",
	.name = "a process that serves a connection accepts none",
	.why = "A child must leave with _exit when its connection has ended, not return into the "
	       "loop "
	       "of its parent.",
};

static void law_accepts_nothing(const pid_t *child, size_t count)
{
	static const char *const names[] = { "@accept", NULL };
	struct law law = NO_ACCEPT;
	struct call_log log;

	runner_calls(0, names, &log);
	for (size_t i = 0; i < log.count; i++) {
		const struct call *c = &log.call[i];
		law.where[0] = (struct where){ .place = c->place, .role = "the child in here" };
		for (size_t k = 0; k < count; k++)
			LAW_OF(&law, c->name[0] == '+' || c->pid != child[k],
			       "a process that had served a connection called %s", c->name);
	}
	call_log_free(&log);
}

/* A child that is still there although its client has gone: where did it go? With the server
 * process stopped only it could take the next client. */
static void law_child_left(struct world *w, const pid_t *child, size_t count)
{
	struct client c;

	if (WAIT_UNTIL(&w->stage, server_census().alive <= 1))
		return;
	law_accepts_nothing(child, count);
	runner_signal(0, SIGSTOP);
	w->stage.frozen = w->main;
	connect_to(w, &c);
	send_get(&c, "/ping");
	(void)WAIT_UNTIL(&w->stage, c.in_len > 0 || client_ended(&c));
	law_accepts_nothing(child, count);
	LAW(false, "child-stays",
	    "the client has gone and the process of its connection sleeps on");
}

LAB_TEST(forks_for_each, .id = "L1.C.1", .gate = true, .points = 5, .detector = "trace",
	 .builds = "nat", .about = "fork_server_run",
	 .title = "every connection is served by a process of its own, which accepts nothing")
{
	struct world *w = world_open("fork_server_run");
	pid_t child[CONNS];

	WORLD_SERVER(w, .trace = true);
	for (size_t i = 0; i < CONNS; i++) {
		child[i] = law_own_process(w);
		for (size_t k = 0; k < i; k++)
			LAW_OF(&OWN_PROCESS, child[k] != child[i],
			       "one process served two connections, one after the other");
		law_child_left(w, child, i + 1);
	}
	law_accepts_nothing(child, CONNS);
	EVIDENCE("connections", CONNS);
}

LAB_TEST(serves_side_by_side, .id = "L1.C.2", .points = 4, .detector = "HOLD", .builds = "nat",
	 .about = "fork_server_run",
	 .title = "eight requests are under way at once, and a slow client delays nobody")
{
	enum { N = 8 };
	static const struct law overlap = {
		.finding = "blocking-wait",
		.name = "connections are served at the same time",
		.why = "The parent accepts again at once; it does not wait for the child it has "
		       "just made.",
	};
	struct world *w = world_open("fork_server_run");
	struct client slow, c[N];
	char target[N][96];

	w->backend.hold = true;
	WORLD_SERVER(w, .trace = false);
	connect_to(w, &slow);
	client_send_text(&slow, "GET /pi");
	for (size_t i = 0; i < N; i++) {
		work_target(target[i], world_seed(w), "r1");
		connect_to(w, &c[i]);
		send_get(&c[i], target[i]);
	}
	if (!WAIT_UNTIL(&w->stage, backend_in_flight(&w->backend) == N)) {
		law_server_runs(w);
		LAW_OF(&overlap, false,
		       "8 requests wait for the backend at once: only %zu came so far",
		       backend_in_flight(&w->backend));
	}
	LAW_OF(&overlap, true, "all");
	backend_release_all(&w->backend);
	for (size_t i = 0; i < N; i++)
		law_answer(w, &c[i], target[i], "not-served");
	client_send_text(&slow, "ng HTTP/1.1\r\n\r\n");
	law_answer(w, &slow, "/ping", "not-served");
	EVIDENCE("requests", N + 1);
}

static bool holds(const struct sample *s, pid_t pid, uint64_t inode)
{
	for (size_t i = 0; i < s->fd_count; i++)
		if (s->fd[i].pid == pid && s->fd[i].inode == inode && s->fd[i].kind == 's')
			return true;
	return false;
}

/* The server process lets go of a connection soon after its fork. */
static bool parent_let_go(struct world *w, uint64_t inode)
{
	static struct sample s;

	runner_sample(SAMPLE_FDS, &s);
	return !holds(&s, w->main, inode);
}

static const struct law LET_GO = {
	.finding = "fd-leak",
	.name = "the parent closes the connection after fork",
	.why = "A descriptor is shared by fork: the connection ends only when both have closed it.",
};

/* No process but the server holds the listener, none holds two connections. */
static void law_holds_its_own(struct world *w, const uint64_t *inode, size_t count)
{
	static struct sample s;

	runner_sample(SAMPLE_FDS, &s);
	for (size_t i = 0; i < s.fd_count; i++) {
		const struct open_fd *f = &s.fd[i];
		if (f->pid == w->main)
			continue;
		LAW(f->inode != w->server.listener, "listener-inherited",
		    "the process of a connection holds the listener, too");
		for (size_t k = 0; k < count; k++)
			for (size_t m = k + 1; m < count; m++)
				LAW(f->inode != inode[k] || !holds(&s, f->pid, inode[m]),
				    "connection-inherited",
				    "the process of a connection holds another connection, too");
	}
}

LAB_TEST(
	child_holds_its_own, .id = "L1.C.5", .points = 3, .detector = "RES", .builds = "nat",
	.about = "fork_server_run",
	.title = "a child holds its connection only, the parent none, and nothing is printed twice")
{
	struct world *w = world_open("fork_server_run");
	struct client c[3];
	uint64_t inode[3];

	WORLD_SERVER(w, .trace = false);
	for (size_t i = 0; i < 3; i++) {
		connect_to(w, &c[i]);
		law_get(w, &c[i], "/ping", "not-served");
		inode[i] = server_accepted(&w->server, &c[i]);
	}
	for (size_t i = 0; i < 3; i++)
		LAW_OF(&LET_GO, WAIT_UNTIL(&w->stage, parent_let_go(w, inode[i])),
		       "the server process still holds a connection that its child serves");
	law_holds_its_own(w, inode, 3);
	client_send_text(&c[0], "GET /ping HTTP/1.1\r\nConnection: close\r\n\r\n");
	LAW_OF(&LET_GO, WAIT_UNTIL(&w->stage, client_ended(&c[0])),
	       "the connection was to be closed and the client does not see its end");
	client_close(&c[1]);
	client_close(&c[2]);
	LAW(WAIT_UNTIL(&w->stage, server_census().alive <= 1), "child-stays",
	    "the clients have gone and processes of connections sleep on");
	LAW(runner_output(CL_STDOUT_MARK) <= 1, "buffer-flushed-twice",
	    "what stood in the parent's stdout buffer was put out by a child, too: leave with "
	    "_exit");
	EVIDENCE("connections", 3);
}

static const struct law ASLEEP = {
	.finding = "busy-wait",
	.name = "a child that waits is asleep",
	.why = "Waiting in a circle takes the processor from those who have work.",
};

LAB_TEST(waits_asleep, .id = "L1.C.7", .points = 1, .detector = "CNT", .builds = "nat",
	 .about = "conn_serve",
	 .title = "a child that waits is asleep, and one that was stopped goes on where it was")
{
	struct world *w = world_open("fork_server_run");
	struct client c;
	char target[96];

	w->backend.hold = true;
	WORLD_SERVER(w, .trace = false);
	connect_to(w, &c);
	law_get(w, &c, "/ping", "not-served");
	LAW_OF(&ASLEEP, stage_settle(&w->stage),
	       "a child that waits for the next request never sleeps");
	client_send_text(&c, "GET /pi");
	LAW_OF(&ASLEEP, stage_settle(&w->stage),
	       "a child that waits for the rest of a head never sleeps");
	client_send_text(&c, "ng HTTP/1.1\r\n\r\n");
	law_answer(w, &c, "/ping", "not-served");

	work_target(target, world_seed(w), "c2000,r1,c2000");
	send_get(&c, target);
	LAW(WAIT_UNTIL(&w->stage, backend_in_flight(&w->backend) == 1), "not-served",
	    "a request with an r step never asks the backend");
	LAW_OF(&ASLEEP, stage_settle(&w->stage), "a child that waits for the backend never sleeps");
	pid_t child = server_child_of(&w->server, server_accepted(&w->server, &c));
	LAW(child > 0, "no-own-process",
	    "no single process other than the server holds the connection");
	runner_signal(child, SIGSTOP);
	backend_release_all(&w->backend);
	runner_signal(child, SIGCONT);
	law_answer(w, &c, target, "wrong-after-stop");
	EVIDENCE("waits", 3);
}
