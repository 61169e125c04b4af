/* CLHP/1 on one connection: the right answers, whatever the splits, pipelines and errors. A piece
 * is sent when the one before it was read, so a split is one for the server too. */
#include "wire_suite.h"

#include <stdio.h>
#include <string.h>

#include "evidence.h"

static void open_link(struct wire_link *l, struct world *w, const struct wire_ops *ops)
{
	*l = (struct wire_link){ .world = w, .ops = ops };
	ops->open(l);
}

/* One request on a connection of its own, then the client's half close. */
static void law_one(struct world *w, const struct wire_ops *ops, const struct script *s,
		    const char *name)
{
	const struct request *r = &s->request[0];
	struct wire_link l;

	open_link(&l, w, ops);
	client_send(l.client, s->bytes, s->len);
	ops->serve(&l);
	ops->law_answer(&l, &r->want, name, r->want.work ? "wrong-step-order" : "wrong-answer");
	client_half_close(l.client);
	ops->law_end(&l, name);
	LAW(l.client->in_len == 0, "extra-bytes", "%s: %zu bytes follow the answer", name,
	    l.client->in_len);
	ops->close(&l);
}

static void law_one_get(struct world *w, const struct wire_ops *ops, const char *target,
			const char *name)
{
	struct script s = { 0 };

	script_get(&s, &w->model, target);
	law_one(w, ops, &s, name);
	script_free(&s);
}

static void law_one_head(struct world *w, const struct wire_ops *ops, const char *head,
			 const void *body, size_t len, const char *name)
{
	struct script s = { 0 };

	script_add(&s, &w->model, head, body, len);
	law_one(w, ops, &s, name);
	script_free(&s);
}

static void law_plan(struct world *w, const struct wire_ops *ops, const char *plan)
{
	char target[96], name[96];

	work_target(target, world_seed(w), plan);
	(void)snprintf(name, sizeof(name), "GET /work with plan=%s", plan);
	law_one_get(w, ops, target, name);
}

/* A request after which the server closes: conn_serve returns although the client stays. */
static void law_closes(struct world *w, const struct wire_ops *ops, const char *head,
		       const char *name)
{
	struct script s = { 0 };
	struct wire_link l;

	script_add(&s, &w->model, head, NULL, 0);
	open_link(&l, w, ops);
	client_send(l.client, s.bytes, s.len);
	ops->serve(&l);
	ops->law_answer(&l, &s.request[0].want, name, "wrong-answer");
	ops->law_end(&l, name);
	ops->close(&l);
	script_free(&s);
}

unsigned wire_routes(struct world *w, const struct wire_ops *ops)
{
	static const char *const plans[] = { "c1000", "r1", "r3", "d7", "w1,y", "c500,r2,w1,d3,y" };
	uint8_t body[3000];

	for (size_t i = 0; i < sizeof(body); i++)
		body[i] = (uint8_t)rng_next(&w->rng);
	backend_expect(&w->backend, (1ull << 63) + 7);
	backend_expect(&w->backend, (1ull << 63) + 3);
	law_one_get(w, ops, "/ping", "GET /ping");
	law_one_get(w, ops, "/", "GET /");
	law_one_get(w, ops, "/stat", "GET /stat");
	law_one_get(w, ops, "/count", "GET /count");
	law_one_get(w, ops, "/bytes/0", "GET /bytes/0");
	law_one_get(w, ops, "/bytes/70000?seed=5", "GET /bytes/70000");
	law_one_head(w, ops, "POST /echo HTTP/1.1\r\n", body, sizeof(body), "POST /echo");
	law_one_head(w, ops, "POST /sum HTTP/1.1\r\n", body, sizeof(body), "POST /sum");
	law_one_head(w, ops, "POST /sum HTTP/1.1\r\n", body, 0, "POST /sum of nothing");
	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++)
		law_plan(w, ops, plans[i]);
	law_one_get(w, ops, "/nowhere", "GET /nowhere");
	law_one_get(w, ops, "/crash", "GET /crash, which is not allowed");
	law_one_head(w, ops, "POST /ping HTTP/1.1\r\n", NULL, 0, "POST /ping");
	law_one_head(w, ops, "GET /ping HTTP/1.0\r\nConnection: keep-alive\r\n", NULL, 0,
		     "HTTP/1.0 with keep-alive");
	law_closes(w, ops, "GET /ping HTTP/1.0\r\n", "HTTP/1.0");
	law_closes(w, ops, "GET /ping HTTP/1.1\r\nConnection: close\r\n", "Connection: close");
	return 21;
}

/* The script, one request after the other, each cut into pieces: of one byte if rng is NULL. */
static void law_split(struct world *w, const struct wire_ops *ops, const struct script *s,
		      struct rng *rng, const char *name)
{
	struct wire_link l;

	open_link(&l, w, ops);
	ops->serve(&l);
	for (size_t i = 0; i < s->count; i++) {
		const struct request *r = &s->request[i];
		for (size_t at = 0; at < r->len;) {
			size_t n = rng ? script_piece(rng, r->len - at) : 1;
			client_send(l.client, s->bytes + r->at + at, n);
			at += n;
			(void)WAIT_UNTIL(&w->stage, ops->consumed(&l) || ops->over(&l));
		}
		ops->law_answer(&l, &r->want, name, "read-is-request");
	}
	client_half_close(l.client);
	ops->law_end(&l, NULL);
	ops->close(&l);
}

void wire_splits(struct world *w, const struct wire_ops *ops, size_t requests, unsigned splits)
{
	struct script s = { 0 };

	script_mix(&s, &w->model, &w->rng, requests);
	law_split(w, ops, &s, NULL, "a request that arrives byte by byte");
	for (unsigned i = 0; i < splits; i++)
		law_split(w, ops, &s, &w->rng, "a request that arrives in pieces");
	script_free(&s);
}

/* All requests are there before conn_serve begins; `ends`: so is the end of file. */
static void law_pipeline(struct world *w, const struct wire_ops *ops, const struct script *s,
			 bool ends, const char *name)
{
	struct wire_link l;

	open_link(&l, w, ops);
	client_send(l.client, s->bytes, s->len);
	if (client_unsent(l.client))
		fault("our own socket does not take %zu bytes", s->len);
	if (ends)
		client_half_close(l.client);
	ops->serve(&l);
	for (size_t i = 0; i < s->count; i++) {
		char which[128];
		(void)snprintf(which, sizeof(which), "%s, answer %zu of %zu", name, i + 1,
			       s->count);
		ops->law_answer(&l, &s->request[i].want, which, "pipelined-bytes-lost");
	}
	if (!ends)
		client_half_close(l.client);
	ops->law_end(&l, name);
	LAW(l.client->in_len == 0, "extra-bytes", "%s: %zu bytes follow the last answer", name,
	    l.client->in_len);
	ops->close(&l);
}

/* Pieces that do not care where a request ends. */
static void law_stream(struct world *w, const struct wire_ops *ops, const struct script *s)
{
	struct wire_link l;

	open_link(&l, w, ops);
	ops->serve(&l);
	for (size_t at = 0; at < s->len;) {
		size_t n = script_piece(&w->rng, s->len - at);
		client_send(l.client, s->bytes + at, n);
		at += n;
		(void)WAIT_UNTIL(&w->stage, ops->consumed(&l) || ops->over(&l));
	}
	for (size_t i = 0; i < s->count; i++)
		ops->law_answer(&l, &s->request[i].want, "pieces that cross the ends of requests",
				"pipelined-bytes-lost");
	client_half_close(l.client);
	ops->law_end(&l, NULL);
	ops->close(&l);
}

void wire_pipelines(struct world *w, const struct wire_ops *ops, unsigned streams)
{
	struct script pings = { 0 }, mixed = { 0 };

	for (unsigned i = 0; i < 32; i++)
		script_get(&pings, &w->model, "/ping");
	script_mix(&mixed, &w->model, &w->rng, 32);
	law_pipeline(w, ops, &pings, false, "32 pings in one segment");
	law_pipeline(w, ops, &mixed, false, "32 requests in one segment");
	law_pipeline(w, ops, &mixed, true, "32 requests and the end of file");
	for (unsigned i = 0; i < streams; i++)
		law_stream(w, ops, &mixed);
	script_free(&pings);
	script_free(&mixed);
}

/* A refusal: the answer, then the end, and nothing of it destroyed by a reset. */
static void law_refuses(struct world *w, const struct wire_ops *ops, const char *request,
			size_t len, const char *name)
{
	static char waste[32768];
	struct want want;
	struct wire_link l;

	model_answer(&w->model, request, len, &want);
	open_link(&l, w, ops);
	client_send(l.client, request, len);
	client_send(l.client, waste, sizeof(waste)); /* comes after the head and is nobody's */
	client_half_close(l.client);
	ops->serve(&l);
	ops->law_answer(&l, &want, name, "wrong-refusal");
	ops->law_end(&l, NULL);
	ops->close(&l);
	want_free(&want);
}

static void law_continue(struct world *w, const struct wire_ops *ops, size_t len)
{
	struct want go_on = { .status = 100 };
	struct script s = { 0 };
	uint8_t body[64];
	struct wire_link l;

	for (size_t i = 0; i < len; i++)
		body[i] = (uint8_t)rng_next(&w->rng);
	script_add(&s, &w->model, "POST /echo HTTP/1.1\r\nExpect: 100-continue\r\n", body, len);
	open_link(&l, w, ops);
	ops->serve(&l);
	client_send(l.client, s.bytes, s.len - len);
	ops->law_answer(&l, &go_on, "POST /echo with Expect: 100-continue, before the body",
			"no-continue");
	LAW(l.client->in_len == 0, "answers-too-early", "the answer came before the body");
	client_send(l.client, body, len);
	ops->law_answer(&l, &s.request[0].want, "POST /echo after 100 Continue", "wrong-answer");
	client_half_close(l.client);
	ops->law_end(&l, NULL);
	ops->close(&l);
	script_free(&s);
}

void wire_refusals(struct world *w, const struct wire_ops *ops)
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

	law_continue(w, ops, 64);
	law_continue(w, ops, 1);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		law_refuses(w, ops, refused[i].request, strlen(refused[i].request),
			    refused[i].name);
	memset(large, 'a', sizeof(large));
	memcpy(large, head, sizeof(head) - 1);
	law_refuses(w, ops, large, sizeof(large), "a head of 9000 bytes");
}
