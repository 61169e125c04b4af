/* Part B, conn_serve over a pair of sockets: the right answers, whatever the splits, pipelines and
 * errors. A piece is sent when the one before it was read, so a split is one for the server too. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab1.h"

#define FROZEN_US 1000000000000u

/* One request on a connection of its own, then the client's half close. */
static void law_one(struct world *w, const struct script *s, const char *name)
{
	const struct request *r = &s->request[0];
	struct link l;

	link_open(&l, w, &w->player);
	client_send(&l.client, s->bytes, s->len);
	link_serve(&l);
	law_link_answer(&l, &r->want, name, r->want.work ? "wrong-step-order" : "wrong-answer");
	client_half_close(&l.client);
	int status = link_end(&l);
	LAW(status == 0, "disorderly-end", "%s: the peer closed and conn_serve returned %d, not 0",
	    name, status);
	LAW(l.client.in_len == 0, "extra-bytes", "%s: %zu bytes follow the answer", name,
	    l.client.in_len);
	link_close(&l);
}

static void law_one_get(struct world *w, const char *target, const char *name)
{
	struct script s = { 0 };

	script_get(&s, &w->model, target);
	law_one(w, &s, name);
	script_free(&s);
}

static void law_one_head(struct world *w, const char *head, const void *body, size_t len,
			 const char *name)
{
	struct script s = { 0 };

	script_add(&s, &w->model, head, body, len);
	law_one(w, &s, name);
	script_free(&s);
}

static void law_plan(struct world *w, const char *plan)
{
	char target[96], name[96];

	work_target(target, world_seed(w), plan);
	(void)snprintf(name, sizeof(name), "GET /work with plan=%s", plan);
	law_one_get(w, target, name);
}

/* A request after which the server closes: conn_serve returns although the client stays. */
static void law_closes(struct world *w, const char *head, const char *name)
{
	struct script s = { 0 };
	struct link l;

	script_add(&s, &w->model, head, NULL, 0);
	link_open(&l, w, &w->player);
	client_send(&l.client, s.bytes, s.len);
	link_serve(&l);
	law_link_answer(&l, &s.request[0].want, name, "wrong-answer");
	int status = link_end(&l);
	LAW(status == 0, "disorderly-end", "%s: conn_serve returned %d, not 0", name, status);
	link_close(&l);
	script_free(&s);
}

LAB_TEST(answers_every_route, .id = "L1.B.1", .gate = true, .points = 4, .detector = "WIRE",
	 .builds = "nat asan", .about = "conn_serve",
	 .title = "conn_serve answers one request of every kind")
{
	static const char *const plans[] = { "c1000", "r1", "r3", "d7", "w1,y", "c500,r2,w1,d3,y" };
	struct world *w = world_open();
	uint8_t body[3000];

	for (size_t i = 0; i < sizeof(body); i++)
		body[i] = (uint8_t)rng_next(&w->rng);
	backend_expect(&w->backend, (1ull << 63) + 7);
	backend_expect(&w->backend, (1ull << 63) + 3);
	world_player(w, false);
	law_one_get(w, "/ping", "GET /ping");
	law_one_get(w, "/", "GET /");
	law_one_get(w, "/stat", "GET /stat");
	law_one_get(w, "/count", "GET /count without a counter");
	law_one_get(w, "/bytes/0", "GET /bytes/0");
	law_one_get(w, "/bytes/70000?seed=5", "GET /bytes/70000");
	law_one_head(w, "POST /echo HTTP/1.1\r\n", body, sizeof(body), "POST /echo");
	law_one_head(w, "POST /sum HTTP/1.1\r\n", body, sizeof(body), "POST /sum");
	law_one_head(w, "POST /sum HTTP/1.1\r\n", body, 0, "POST /sum of nothing");
	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++)
		law_plan(w, plans[i]);
	law_one_get(w, "/nowhere", "GET /nowhere");
	law_one_get(w, "/crash", "GET /crash, which is not allowed");
	law_one_head(w, "POST /ping HTTP/1.1\r\n", NULL, 0, "POST /ping");
	law_one_head(w, "GET /ping HTTP/1.0\r\nConnection: keep-alive\r\n", NULL, 0,
		     "HTTP/1.0 with keep-alive");
	law_closes(w, "GET /ping HTTP/1.0\r\n", "HTTP/1.0");
	law_closes(w, "GET /ping HTTP/1.1\r\nConnection: close\r\n", "Connection: close");
	EVIDENCE("requests", 21);
}

/* The script, one request after the other, each cut into pieces: of one byte if rng is NULL. */
static void law_split(struct world *w, const struct script *s, struct rng *rng, const char *name)
{
	struct link l;

	link_open(&l, w, &w->player);
	link_serve(&l);
	for (size_t i = 0; i < s->count; i++) {
		const struct request *r = &s->request[i];
		for (size_t at = 0; at < r->len;) {
			size_t n = rng ? script_piece(rng, r->len - at) : 1;
			client_send(&l.client, s->bytes + r->at + at, n);
			at += n;
			(void)WAIT_UNTIL(&w->stage, client_consumed(&l.client) ||
							    l.player->returned || l.player->gone);
		}
		law_link_answer(&l, &r->want, name, "read-is-request");
	}
	client_half_close(&l.client);
	(void)link_end(&l);
	link_close(&l);
}

LAB_TEST(survives_any_split, .id = "L1.B.2", .points = 4, .detector = "WIRE", .builds = "nat asan",
	 .about = "conn_serve", .title = "a request may arrive in any pieces, even byte by byte")
{
	struct world *w = world_open();
	struct script s = { 0 };

	world_player(w, false);
	script_mix(&s, &w->model, &w->rng, 20);
	law_split(w, &s, NULL, "a request that arrives byte by byte");
	for (unsigned i = 0; i < 200; i++)
		law_split(w, &s, &w->rng, "a request that arrives in pieces");
	EVIDENCE("requests", 20);
	EVIDENCE("splits", 201);
}

/* All requests are there before conn_serve begins; `ends`: so is the end of file. */
static void law_pipeline(struct world *w, const struct script *s, bool ends, const char *name)
{
	struct link l;

	link_open(&l, w, &w->player);
	client_send(&l.client, s->bytes, s->len);
	if (client_unsent(&l.client))
		fault("our own socket does not take %zu bytes", s->len);
	if (ends)
		client_half_close(&l.client);
	link_serve(&l);
	for (size_t i = 0; i < s->count; i++) {
		char which[128];
		(void)snprintf(which, sizeof(which), "%s, answer %zu of %zu", name, i + 1,
			       s->count);
		law_link_answer(&l, &s->request[i].want, which, "pipelined-bytes-lost");
	}
	if (!ends)
		client_half_close(&l.client);
	int status = link_end(&l);
	LAW(status == 0, "disorderly-end", "%s: conn_serve returned %d, not 0", name, status);
	LAW(l.client.in_len == 0, "extra-bytes", "%s: %zu bytes follow the last answer", name,
	    l.client.in_len);
	link_close(&l);
}

/* Pieces that do not care where a request ends. */
static void law_stream(struct world *w, const struct script *s)
{
	struct link l;

	link_open(&l, w, &w->player);
	link_serve(&l);
	for (size_t at = 0; at < s->len;) {
		size_t n = script_piece(&w->rng, s->len - at);
		client_send(&l.client, s->bytes + at, n);
		at += n;
		(void)WAIT_UNTIL(&w->stage, client_consumed(&l.client) || l.player->returned ||
						    l.player->gone);
	}
	for (size_t i = 0; i < s->count; i++)
		law_link_answer(&l, &s->request[i].want, "pieces that cross the ends of requests",
				"pipelined-bytes-lost");
	client_half_close(&l.client);
	(void)link_end(&l);
	link_close(&l);
}

LAB_TEST(answers_pipelines, .id = "L1.B.3", .points = 3, .detector = "WIRE", .builds = "nat",
	 .about = "conn_serve",
	 .title = "32 requests in one segment get 32 answers in order, also after a half close")
{
	struct world *w = world_open();
	struct script pings = { 0 }, mixed = { 0 };

	world_player(w, false);
	for (unsigned i = 0; i < 32; i++)
		script_get(&pings, &w->model, "/ping");
	script_mix(&mixed, &w->model, &w->rng, 32);
	law_pipeline(w, &pings, false, "32 pings in one segment");
	law_pipeline(w, &mixed, false, "32 requests in one segment");
	law_pipeline(w, &mixed, true, "32 requests and the end of file");
	for (unsigned i = 0; i < 20; i++)
		law_stream(w, &mixed);
	EVIDENCE("requests", 32);
	EVIDENCE("streams", 23);
}

/* A refusal: the answer, then the end, and nothing of it destroyed by a reset. */
static void law_refuses(struct world *w, const char *request, size_t len, const char *name)
{
	static char waste[32768];
	struct want want;
	struct link l;

	model_answer(&w->model, request, len, &want);
	link_open(&l, w, &w->player);
	client_send(&l.client, request, len);
	client_send(&l.client, waste, sizeof(waste)); /* comes after the head and is nobody's */
	client_half_close(&l.client);
	link_serve(&l);
	law_link_answer(&l, &want, name, "wrong-refusal");
	(void)link_end(&l);
	link_close(&l);
	want_free(&want);
}

/* As before, but the end of the connection is looked at: no reset may meet the client. */
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

static void law_continue(struct world *w, size_t len)
{
	struct want go_on = { .status = 100 };
	struct script s = { 0 };
	uint8_t body[64];
	struct link l;

	for (size_t i = 0; i < len; i++)
		body[i] = (uint8_t)rng_next(&w->rng);
	script_add(&s, &w->model, "POST /echo HTTP/1.1\r\nExpect: 100-continue\r\n", body, len);
	link_open(&l, w, &w->player);
	link_serve(&l);
	client_send(&l.client, s.bytes, s.len - len);
	law_link_answer(&l, &go_on, "POST /echo with Expect: 100-continue, before the body",
			"no-continue");
	LAW(l.client.in_len == 0, "answers-too-early", "the answer came before the body");
	client_send(&l.client, body, len);
	law_link_answer(&l, &s.request[0].want, "POST /echo after 100 Continue", "wrong-answer");
	client_half_close(&l.client);
	(void)link_end(&l);
	link_close(&l);
	script_free(&s);
}

LAB_TEST(
	refuses_well, .id = "L1.B.6", .points = 2, .detector = "WIRE", .builds = "nat asan",
	.about = "conn_serve",
	.title =
		"100 Continue and refusals come as the protocol says, and the client can read them")
{
	static const struct {
		const char *request, *name;
	} refused[] = {
		{ "POST /echo HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n",
		  "an /echo of more than 1 MiB" },
		{ "POST /echo HTTP/1.1\r\nContent-Length: 2000000\r\nExpect: 100-continue\r\n\r\n",
		  "a too large /echo that expects 100 Continue" },
		{ "NONSENSE\r\n\r\n", "a line that is no request" },
		{ "GET /ping HTTP/1.1\r\nContent-Length: x\r\n\r\n", "a length that is no number" },
		{ "POST /sum HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding" },
		{ "GET /ping HTTP/2.0\r\n\r\n", "HTTP/2.0" },
		{ "DELETE /ping HTTP/1.1\r\n\r\n", "DELETE" },
		{ "GET /nowhere HTTP/1.1\r\n\r\n", "an unknown path" },
	};
	static const char head[] = "GET /ping HTTP/1.1\r\nX: ";
	static char large[9000];
	struct world *w = world_open();

	world_player(w, false);
	/* Time stands still: the wait for the client's last bytes has its 100 ms on any machine. */
	player_clock(&w->player, FROZEN_US);
	law_continue(w, 64);
	law_continue(w, 1);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		law_refuses(w, refused[i].request, strlen(refused[i].request), refused[i].name);
	memset(large, 'a', sizeof(large));
	memcpy(large, head, sizeof(head) - 1);
	law_refuses(w, large, sizeof(large), "a head of 9000 bytes");
	law_refusal_arrives(w);
	EVIDENCE("refusals", 10);
	EVIDENCE("continues", 2);
}
