/* Part B, conn_serve over a pair of sockets: the right answers, whatever the splits, pipelines and
 * errors. The questions are those of wire_suite.h. */
#include <string.h>

#include "lab1.h"
#include "wire_suite.h"

#define FROZEN_US 1000000000000u

/* A connection of the suite as a link to the player; one at a time. */
static void ops_open(struct wire_link *l)
{
	static struct link link;

	link_open(&link, l->world, &l->world->player);
	l->client = &link.client;
	l->self = &link;
}

static void ops_serve(struct wire_link *l)
{
	link_serve(l->self);
}

static bool ops_over(const struct wire_link *l)
{
	return l->world->player.returned || l->world->player.gone;
}

static bool ops_consumed(const struct wire_link *l)
{
	return client_consumed(l->client);
}

static void ops_answer(struct wire_link *l, const struct want *want, const char *name,
		       const char *finding)
{
	law_link_answer(l->self, want, name, finding);
}

static void ops_end(struct wire_link *l, const char *name)
{
	int status = link_end(l->self);

	LAW(!name || status == 0, "disorderly-end",
	    "%s: the peer closed and conn_serve returned %d, not 0", name, status);
}

static void ops_close(struct wire_link *l)
{
	link_close(l->self);
}

static const struct wire_ops LINK = {
	.open = ops_open,
	.serve = ops_serve,
	.over = ops_over,
	.consumed = ops_consumed,
	.law_answer = ops_answer,
	.law_end = ops_end,
	.close = ops_close,
};

LAB_TEST(answers_every_route, .id = "L1.B.1", .gate = true, .points = 4, .detector = "WIRE",
	 .builds = "nat asan", .about = "conn_serve",
	 .title = "conn_serve answers one request of every kind")
{
	struct world *w = world_open("fork_server_run");

	world_player(w, false);
	EVIDENCE("requests", wire_routes(w, &LINK));
}

LAB_TEST(survives_any_split, .id = "L1.B.2", .points = 4, .detector = "WIRE", .builds = "nat asan",
	 .about = "conn_serve", .title = "a request may arrive in any pieces, even byte by byte")
{
	struct world *w = world_open("fork_server_run");

	world_player(w, false);
	wire_splits(w, &LINK, 20, 200);
	EVIDENCE("requests", 20);
	EVIDENCE("splits", 201);
}

LAB_TEST(answers_pipelines, .id = "L1.B.3", .points = 3, .detector = "WIRE", .builds = "nat",
	 .about = "conn_serve",
	 .title = "32 requests in one segment get 32 answers in order, also after a half close")
{
	struct world *w = world_open("fork_server_run");

	world_player(w, false);
	wire_pipelines(w, &LINK, 20);
	EVIDENCE("requests", 32);
	EVIDENCE("streams", 23);
}

/* The end of a refused connection: no reset may meet the client. */
static void law_refusal_arrives(struct world *w)
{
	static const char head[] = "GET /ping HTTP/2.0\r\n\r\n";
	static char waste[32768];
	struct want want;
	struct link l;

	model_answer(&w->model, head, sizeof(head) - 1, &want);
	link_open(&l, w, &w->player);
	client_send(&l.client, head, sizeof(head) - 1);
	client_send(&l.client, waste, sizeof(waste));
	client_half_close(&l.client);
	link_serve(&l);
	law_link_answer(&l, &want, "505", "wrong-refusal");
	(void)link_end(&l);
	(void)player_untake(l.player, l.fd);
	(void)WAIT_UNTIL(&w->stage, client_ended(&l.client));
	LAW(l.client.error == 0, "answer-destroyed",
	    "conn_serve left 32 KiB unread: closing then resets the connection and destroys the "
	    "answer");
	client_close(&l.client);
}

LAB_TEST(
	refuses_well, .id = "L1.B.6", .points = 2, .detector = "WIRE", .builds = "nat asan",
	.about = "conn_serve",
	.title =
		"100 Continue and refusals come as the protocol says, and the client can read them")
{
	struct world *w = world_open("fork_server_run");

	world_player(w, false);
	/* Time stands still: the wait for the client's last bytes has its 100 ms on any machine. */
	player_clock(&w->player, FROZEN_US);
	wire_refusals(w, &LINK);
	law_refusal_arrives(w);
	EVIDENCE("refusals", 10);
	EVIDENCE("continues", 2);
}
