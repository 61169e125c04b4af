/* Part D: a pool serves all connections. Workers are few, clients are many: nobody idle may hold a
 * worker, and those who wait are bounded in number. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "explored_server.h"
#include "served.h"

#define WORKERS 2

/* Three requests wait for the backend, two of them at it: the third has no worker. */
static void law_pool(struct world *w)
{
	static const struct law workers_serve = {
		.finding = "more-than-workers",
		.name = "a pool of cfg->workers threads serves all connections",
		.why = "With workers > 0 no thread is made for a connection: the pool's threads "
		       "take "
		       "them, one after the other.",
	};
	struct client c[WORKERS + 1];
	char target[WORKERS + 1][96];

	w->backend.hold = true;
	for (size_t i = 0; i <= WORKERS; i++)
		(void)ask_plan(w, &c[i], "r1", target[i]);
	if (!WAIT_UNTIL(&w->stage, backend_in_flight(&w->backend) >= WORKERS)) {
		law_server_runs(w);
		LAW(false, "not-served", "two requests with an r step do not both ask the backend");
	}
	(void)stage_settle(&w->stage);
	LAW_OF(&workers_serve, backend_in_flight(&w->backend) == WORKERS,
	       "workers is 2, and three requests are served at the same time");
	w->backend.hold = false;
	backend_release_all(&w->backend);
	for (size_t i = 0; i <= WORKERS; i++) {
		law_answer(w, &c[i], target[i], "not-served");
		client_close(&c[i]);
	}
}

/* Real threads show a race by chance only, so the explorer looks for it first. */
static void explored_pool(void)
{
	static const enum lab2_target first[] = { TARGET_PING, TARGET_BURN },
				      second[] = { TARGET_WAIT, TARGET_PING };
	static struct stage stage;
	static struct explorer e;

	explorer_open(&e, &stage);
	explore_server(&e, "2 workers, 2 clients, 2 connections each", WORKERS, 2, first, 0);
	explore_server(&e, "2 workers, 2 clients, with waits", WORKERS, 2, second, 1);
	explorer_close(&e);
}

LAB_TEST(answers_over_pool, .id = "L2.D.1", .gate = true, .points = 5, .detector = "WIRE",
	 .builds = "exp nat", .about = "thread_server_run",
	 .title = "a pool of two answers all routes, whatever the pieces, and pipelines to the end")
{
	if (strcmp(lab_build(), "exp") == 0) {
		explored_pool();
		return;
	}
	struct world *w = served_open();

	w->model.count = 1;
	WORLD_SERVER(w, .config = { .workers = WORKERS, .queue_capacity = 4 });
	law_pool(w);
	unsigned routes = wire_routes(w, &SERVED);
	wire_splits(w, &SERVED, 5, 8);
	wire_pipelines(w, &SERVED, 2);
	wire_refusals(w, &SERVED);
	EVIDENCE("requests", routes);
	EVIDENCE("splits", 9);
	EVIDENCE("streams", 5);
}

#define IDLE_MS   300
#define TRIES_MAX 10

/* A client that gets an answer to /ping. On a machine so slow that our own bytes come later than
 * the server's patience lasts it is closed instead, rightly: then another one tries. False: no
 * answer. */
static bool is_answered(struct world *w, struct client *c)
{
	struct answer a;

	for (unsigned i = 0; i < TRIES_MAX; i++) {
		connect_to(w, c);
		send_get(c, "/ping");
		if (!WAIT_UNTIL(&w->stage, client_answered(c, &a) || client_ended(c)))
			break;
		if (client_answered(c, &a)) {
			law_answer(w, c, "/ping", "not-served");
			return true;
		}
		law_server_runs(w);
		client_close(c);
	}
	law_server_runs(w);
	return false;
}

LAB_TEST(idle_holds_nobody, .id = "L2.D.2", .points = 4, .detector = "HOLD", .builds = "nat",
	 .about = "thread_server_run",
	 .title = "two idle connections and a silent one do not keep two workers from a fourth")
{
	static const struct law free_worker = {
		.finding = "idle-connection-holds-worker",
		.name = "a connection that has nothing to say holds no worker",
		.why = "A worker that waits for the next request of an idle client is lost to all "
		       "others: give the connection back, or let it run into idle_timeout_ms.",
	};
	struct world *w = served_open();
	struct client idle[2], silent, c;

	WORLD_SERVER(
		w,
		.config = { .workers = WORKERS, .queue_capacity = 4, .idle_timeout_ms = IDLE_MS });
	for (size_t i = 0; i < 2; i++)
		LAW(is_answered(w, &idle[i]), "not-served", "GET /ping: no answer comes");
	connect_to(w, &silent);
	(void)WAIT_UNTIL(&w->stage, !silent.connecting);
	LAW_OF(&free_worker, is_answered(w, &c),
	       "two idle clients and a silent one are connected: a fourth is never answered");
	EVIDENCE("connections", 4);
}

#define CAPACITY 4
#define CLIENTS  64

/* Accepted, alive, and without an answer. */
static size_t count_waiting(struct world *w, const struct client *c, size_t count)
{
	struct answer a;
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += !client_ended(&c[i]) && !client_answered(&c[i], &a) &&
		     server_inode(&w->server, &c[i]) != 0;
	return n;
}

/* For whoever looks into run.json: who they are. */
static void note_waiting(struct world *w, const struct client *c, size_t count)
{
	char list[512] = "";
	struct answer a;
	size_t n = 0;

	for (size_t i = 0; i < count && n + 24 < sizeof(list); i++)
		if (server_inode(&w->server, &c[i]) != 0)
			n += (size_t)snprintf(list + n, sizeof(list) - n, " %zu%s%s", i,
					      client_ended(&c[i]) ? "e" : "",
					      client_answered(&c[i], &a) ? "a" : "");
	evidence_note("held at the backend: %zu; threads: %zu; accepted (e ended, a answered):%s",
		      backend_in_flight(&w->backend), server_census().alive, list);
}

/* Both workers are held; their requests are c[0] and c[1]. */
static void hold_workers(struct world *w, struct client *c, char target[WORKERS][96])
{
	w->backend.hold = true;
	for (size_t i = 0; i < WORKERS; i++)
		(void)ask_plan(w, &c[i], "r1", target[i]);
	if (!WAIT_UNTIL(&w->stage, backend_in_flight(&w->backend) == WORKERS)) {
		law_server_runs(w);
		LAW(false, "not-served", "two requests with an r step do not both ask the backend");
	}
}

LAB_TEST(waits_are_bounded, .id = "L2.D.3", .points = 3, .detector = "HOLD", .builds = "nat",
	 .about = "thread_server_run",
	 .title = "64 clients at 2 held workers: as many wait inside as the queue takes")
{
	static const struct law bounded = {
		.finding = "unbounded-queue",
		.name = "no more connections wait inside than workers, queue and acceptor hold",
		.why = "Whoever accepts without bound promises what it cannot keep: tell the "
		       "excess "
		       "503 at once, or leave it in the kernel's backlog.",
	};
	static struct client c[CLIENTS];
	struct world *w = served_open();
	char target[WORKERS][96];
	struct answer a;

	WORLD_SERVER(w, .config = { .workers = WORKERS, .queue_capacity = CAPACITY });
	hold_workers(w, c, target);
	/* While it is stopped all of them come: none looks idle when the server sees it. */
	runner_signal(0, SIGSTOP);
	w->stage.frozen = w->main;
	for (size_t i = WORKERS; i < CLIENTS; i++) {
		connect_to(w, &c[i]);
		client_send_text(&c[i], "GET /ping HTTP/1.1\r\nConnection: close\r\n\r\n");
		(void)WAIT_UNTIL(&w->stage, client_unsent(&c[i]) == 0);
	}
	runner_signal(0, SIGCONT);
	w->stage.frozen = 0;
	LAW(stage_settle(&w->stage), "busy-wait",
	    "clients wait, both workers are held, and the server does not sleep");
	size_t waiting = count_waiting(w, c, CLIENTS);
	if (waiting > WORKERS + CAPACITY + 1)
		note_waiting(w, c, CLIENTS);
	LAW_OF(&bounded, waiting <= WORKERS + CAPACITY + 1,
	       "2 workers are held and the queue takes 4: %zu connections are accepted and neither "
	       "answered nor closed",
	       waiting);
	backend_release_all(&w->backend);
	/* Who is answered goes: an idle client may keep its worker for a while. */
	for (size_t i = 0; i < WORKERS; i++) {
		law_answer(w, &c[i], target[i], "not-served");
		client_close(&c[i]);
	}
	for (size_t i = WORKERS; i < CLIENTS; i++) {
		LAW(WAIT_UNTIL(&w->stage, client_answered(&c[i], &a) || client_ended(&c[i])),
		    "waiting-forgotten",
		    "the workers are free again and a client that waited gets no answer");
		LAW(!client_answered(&c[i], &a) || a.status == 200 || a.status == 503,
		    "wrong-answer", "a client that waited got status %d, neither 200 nor 503",
		    a.status);
	}
	EVIDENCE("connections", CLIENTS);
}

#define BOUNDARIES_MAX 400
#define LIFE_CONNS     3

static const struct law ALWAYS_ENDS = {
	.finding = "stop-flag-race",
	.name = "SIGTERM ends the server wherever it comes",
	.why = "Looking whether to stop and falling asleep must be one step: else the signal comes "
	       "in between and nobody looks again.",
};

/* A life with SIGTERM before the nth call of the server. False: it has no nth call. */
static bool law_ends_at(struct world *w, unsigned n)
{
	struct client c;
	struct answer a;

	WORLD_SERVER(w, .trace = true,
		     .config = { .workers = WORKERS,
				 .queue_capacity = CAPACITY,
				 .drain_timeout_ms = 200 });
	(void)stage_settle(&w->stage);
	unsigned rule = runner_inject(
		&(struct injection){ .who = "any", .from = n, .times = 1, .signal = SIGTERM });
	for (unsigned i = 0; i < LIFE_CONNS && runner_fired(rule) == 0; i++) {
		connect_to(w, &c);
		send_get(&c, "/ping");
		(void)WAIT_UNTIL(&w->stage, client_answered(&c, &a) || client_ended(&c));
		client_close(&c);
		/* Asleep again: the next client cannot wake a server that should have ended. */
		(void)stage_settle(&w->stage);
	}
	if (runner_fired(rule) == 0 && !stage_ending(&w->stage).ended)
		return false;
	/* A worker that looks now and then makes its nth call while no client is there. */
	if (runner_fired(rule) == 0)
		law_server_runs(w);
	LAW_OF(&ALWAYS_ENDS, WAIT_UNTIL(&w->stage, server_ended()),
	       "SIGTERM came before call %u of the server, which then sleeps for ever", n);
	struct ending e = stage_ending(&w->stage);
	LAW(!e.signal, "killed-by-signal", "SIGTERM ended the server instead of being handled");
	LAW(e.exit_status == 0, "exit-status", "after SIGTERM the exit status is %d, not 0",
	    e.exit_status);
	return true;
}

/* SIGTERM while connections stand in the queue: they are served, or closed by the server itself. */
static void law_queue_drains(struct world *w)
{
	struct client gate, c[WORKERS + CAPACITY];
	char target[WORKERS][96];
	struct answer a;

	struct holding before = served_begin(
		w, &gate,
		&(const struct server_options){
			.config = { .workers = WORKERS, .queue_capacity = CAPACITY } });
	hold_workers(w, c, target);
	for (size_t i = WORKERS; i < WORKERS + CAPACITY; i++) {
		connect_to(w, &c[i]);
		send_get(&c[i], "/ping");
	}
	(void)stage_settle(&w->stage);
	runner_signal(0, SIGTERM);
	(void)stage_settle(&w->stage);
	backend_release_all(&w->backend);
	w->model.draining = true;
	for (size_t i = 0; i < WORKERS; i++)
		law_answer(w, &c[i], target[i], "drain-cut-short");
	if (!server_gate(&w->server, &gate))
		law_returned(w, &gate, &before, "sigterm-ignored", "connections were queued");
	for (size_t i = WORKERS; i < WORKERS + CAPACITY; i++)
		LAW(WAIT_UNTIL(&w->stage, client_answered(&c[i], &a) || client_ended(&c[i])),
		    "queued-connections-dropped",
		    "thread_server_run has returned and a connection that was queued is neither "
		    "served nor closed");
	law_returned(w, &gate, &before, "sigterm-ignored", "connections were queued");
}

LAB_TEST(
	ends_at_any_call, .id = "L2.D.4", .points = 3, .detector = "SIG", .builds = "nat",
	.about = "thread_server_run",
	.title = "SIGTERM ends the pool's server wherever it comes, and nobody queued is forgotten")
{
	struct world *w = served_open();
	unsigned n = 1;

	law_queue_drains(w);
	w->model.draining = false;
	w->backend.hold = false;
	while (n <= BOUNDARIES_MAX && law_ends_at(w, n))
		n++;
	LAW(n > 1, "not-reached", "the server makes no system call while clients come and go");
	EVIDENCE("connections", LIFE_CONNS + WORKERS + CAPACITY);
}
