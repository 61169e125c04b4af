/* Part B: a thread for every connection, as its clients see it: right answers, side by side, and
 * nothing that grows. */
#include "served.h"

LAB_TEST(answers_over_threads, .id = "L2.B.1", .gate = true, .points = 4, .detector = "WIRE",
	 .builds = "nat", .about = "thread_server_run",
	 .title = "a thread for every connection answers all routes, whatever the pieces")
{
	struct world *w = served_open();

	w->model.count = 1;
	WORLD_SERVER(w, .trace = false);
	unsigned routes = wire_routes(w, &SERVED);
	wire_splits(w, &SERVED, 5, 8);
	wire_pipelines(w, &SERVED, 2);
	wire_refusals(w, &SERVED);
	EVIDENCE("requests", routes);
	EVIDENCE("splits", 9);
	EVIDENCE("streams", 5);
}

LAB_TEST(serves_side_by_side, .id = "L2.B.2", .points = 3, .detector = "HOLD", .builds = "nat",
	 .about = "thread_server_run",
	 .title = "eight requests are under way at once, and a ninth is answered meanwhile")
{
	enum { N = 8 };
	static const struct law overlap = {
		.finding = "serialised",
		.name = "connections are served at the same time",
		.why = "A thread for each connection is of use only if none holds a lock of all "
		       "while it waits for its client or for the backend.",
	};
	struct world *w = served_open();
	struct client c[N], ninth;
	char target[N][96];

	w->backend.hold = true;
	WORLD_SERVER(w, .trace = false);
	for (size_t i = 0; i < N; i++)
		(void)ask_plan(w, &c[i], "r1", target[i]);
	if (!WAIT_UNTIL(&w->stage, backend_in_flight(&w->backend) == N)) {
		law_server_runs(w);
		LAW_OF(&overlap, false,
		       "8 requests wait for the backend at once: only %zu came so far",
		       backend_in_flight(&w->backend));
	}
	LAW_OF(&overlap, true, "all");
	connect_to(w, &ninth);
	law_get(w, &ninth, "/ping", "not-served");
	backend_release_all(&w->backend);
	for (size_t i = 0; i < N; i++)
		law_answer(w, &c[i], target[i], "not-served");
	EVIDENCE("requests", N + 1);
}

#define AT_ONCE    16
#define WARM       64
#define ALL        2000
#define GROWTH_KIB 4096u

static const struct law ENDED_THREADS = {
	.finding = "thread-leak",
	.name = "a thread that has ended leaves nothing",
	.why = "A thread that is neither joined nor detached keeps its stack for ever, as a zombie "
	       "keeps its entry.",
};

/* Clients come and go; nobody is left when this returns. */
static void come_and_go(struct world *w, size_t count)
{
	struct client c[AT_ONCE];

	for (size_t done = 0; done < count; done += AT_ONCE) {
		law_clients(w, c, AT_ONCE);
		for (size_t i = 0; i < AT_ONCE; i++)
			client_close(&c[i]);
	}
}

LAB_TEST(leaves_nothing, .id = "L2.B.3", .points = 3, .detector = "RES", .builds = "nat",
	 .about = "thread_server_run",
	 .title = "after 2000 connections there are no more threads, descriptors and memory")
{
	struct world *w = served_open();

	WORLD_SERVER(w, .trace = false);
	/* What the server keeps for its own life may come with its first clients. */
	come_and_go(w, WARM);
	struct holding before = served_holding(w);
	come_and_go(w, ALL - WARM);
	LAW_OF(&ENDED_THREADS, WAIT_UNTIL(&w->stage, server_census().alive <= before.tasks),
	       "all clients have gone and more threads are there than after the first %u", WARM);
	struct holding after = served_holding(w);
	LAW(after.fds <= before.fds, "fd-leak",
	    "the server holds more descriptors after %u connections than after %u", ALL, WARM);
	LAW_OF(&ENDED_THREADS, after.anonymous_kib <= before.anonymous_kib + GROWTH_KIB,
	       "memory grows by more than %u KiB over %u connections that have all ended",
	       GROWTH_KIB, ALL - WARM);
	EVIDENCE("connections", ALL);
}
