/* Part B, what a connection costs: memory that does not grow with the body, one write for many
 * answers. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/http.h"
#include "lab1.h"

#define MIB        (1ull << 20)
#define TOTAL      (256 * MIB)
#define FIRST_LOOK (16 * MIB)
#define LAST_LOOK  (240 * MIB)
#define PORTION    65536u
#define GROWTH_KIB 256u

static const struct law CONSTANT_MEMORY = {
	.finding = "memory-grows",
	.name = "a body of any size is handled in constant memory",
	.why = "A body is passed on in portions; only one of /echo may be collected.",
};

/* Memory of the subject once it has fallen asleep. */
static uint64_t anonymous_kib(struct world *w)
{
	static struct sample s;

	(void)stage_settle(&w->stage);
	runner_sample(SAMPLE_MEMORY, &s);
	return s.anonymous_kib;
}

static void law_alive_link(const struct link *l)
{
	if (l->player->gone)
		law_alive(&l->world->stage, "conn_serve");
	if (l->player->returned)
		law_written(l->player->message->head.arg[0] != ENOSYS, "conn_serve");
}

/* The body of /sum: one portion again and again. */
struct body {
	uint8_t portion[PORTION];
	uint64_t sent, sum; /* bytes, and the digest of all of them */
};

static void send_until(struct link *l, struct body *b, uint64_t until)
{
	while (b->sent < until) {
		client_send(&l->client, b->portion, PORTION);
		b->sent += PORTION;
		/* While the subject does the same, not when it has ended. */
		b->sum = cl_sum_update(b->sum, b->portion, PORTION);
		if (!WAIT_UNTIL(&l->world->stage,
				client_unsent(&l->client) == 0 || l->player->returned)) {
			law_alive_link(l);
			LAW(false, "body-not-read",
			    "conn_serve sleeps and does not read the rest of a /sum body");
		}
		if (client_ended(&l->client) || l->player->returned || l->player->gone) {
			law_alive_link(l);
			LAW(false, "body-not-read",
			    "the connection ended in the middle of a /sum body");
		}
	}
}

static void law_sum_streams(struct world *w)
{
	static struct body b = { .sum = CL_SUM_INIT };
	char text[96];
	struct link l;

	for (size_t i = 0; i < sizeof(b.portion); i++)
		b.portion[i] = (uint8_t)rng_next(&w->rng);
	link_open(&l, w, &w->player);
	link_serve(&l);
	(void)snprintf(text, sizeof(text), "POST /sum HTTP/1.1\r\nContent-Length: %llu\r\n\r\n",
		       TOTAL);
	client_send_text(&l.client, text);
	send_until(&l, &b, FIRST_LOOK);
	uint64_t before = anonymous_kib(w);
	send_until(&l, &b, LAST_LOOK);
	uint64_t after = anonymous_kib(w);
	LAW_OF(&CONSTANT_MEMORY, after < before + GROWTH_KIB,
	       "memory grows by more than %u KiB while 224 MiB of a /sum body come", GROWTH_KIB);
	send_until(&l, &b, TOTAL);
	int n = snprintf(text, sizeof(text), "len=%llu fnv=%016" PRIx64 "\n", TOTAL, b.sum);
	const struct want want = { .status = 200, .body = (uint8_t *)text, .length = (uint64_t)n };
	law_link_answer(&l, &want, "POST /sum of 256 MiB", "wrong-answer");
	client_half_close(&l.client);
	(void)link_end(&l);
	link_close(&l);
}

/* Reads the body up to `until` and compares it with what it must be. */
static void read_until(struct link *l, uint64_t seed, uint64_t *read, uint64_t until)
{
	static uint8_t wanted[PORTION];
	struct client *c = &l->client;

	client_read_ahead(c, PORTION);
	while (*read < until) {
		if (!WAIT_UNTIL(&l->world->stage, c->in_len > 0)) {
			law_alive_link(l);
			LAW(false, "body-not-sent",
			    "a /bytes body stops although its reader reads");
		}
		size_t n = c->in_len < until - *read ? c->in_len : (size_t)(until - *read);
		cl_bytes_fill(seed, *read, wanted, n);
		LAW(memcmp(c->in, wanted, n) == 0, "wrong-bytes",
		    "GET /bytes/268435456: the body is not the one that was asked for");
		*read += n;
		client_take(c, n);
	}
	client_read_ahead(c, 1); /* the reader stops */
}

static void law_bytes_stream(struct world *w)
{
	const uint64_t seed = 77;
	uint64_t read = 0;
	struct answer a;
	struct link l;

	link_open(&l, w, &w->player);
	client_read_ahead(&l.client, PORTION);
	link_serve(&l);
	client_send_text(&l.client, "GET /bytes/268435456?seed=77 HTTP/1.1\r\n\r\n");
	(void)WAIT_UNTIL(&w->stage, answer_parse(l.client.in, l.client.in_len, &a) != 0 ||
					    l.player->returned || l.player->gone);
	int head = answer_parse(l.client.in, l.client.in_len, &a);
	law_alive_link(&l);
	LAW(head > 0 && a.status == 200 && a.length == TOTAL, "wrong-answer",
	    "GET /bytes/268435456: no answer with this length comes");
	client_take(&l.client, a.head_len);
	read_until(&l, seed, &read, FIRST_LOOK);
	uint64_t before = anonymous_kib(w);
	read_until(&l, seed, &read, LAST_LOOK);
	uint64_t after = anonymous_kib(w);
	LAW_OF(&CONSTANT_MEMORY, after < before + GROWTH_KIB,
	       "memory grows by more than %u KiB while 224 MiB of a /bytes body go out",
	       GROWTH_KIB);
	read_until(&l, seed, &read, TOTAL);
	client_read_ahead(&l.client, 0);
	client_half_close(&l.client);
	(void)link_end(&l);
	link_close(&l);
}

LAB_TEST(streams_in_constant_memory, .id = "L1.B.4", .points = 3, .detector = "RES",
	 .builds = "nat", .about = "conn_serve",
	 .title = "bodies of 256 MiB pass in both directions without more memory")
{
	struct world *w = world_open("fork_server_run");

	world_player(w, false);
	law_sum_streams(w);
	law_bytes_stream(w);
	EVIDENCE("MiB", 512);
}

LAB_TEST(gathers_answers, .id = "L1.B.5", .points = 2, .detector = "CNT", .builds = "nat",
	 .about = "conn_serve", .title = "32 pipelined pings are answered by at most 4 write calls")
{
	static const char *const names[] = { "@write", NULL };
	static const struct law gathered = {
		.finding = "write-per-answer",
		.name = "answers that are ready together leave together",
		.why = "A small segment for each answer meets Nagle's rule and costs a system "
		       "call.",
	};
	struct world *w = world_open("fork_server_run");
	struct script s = { 0 };
	struct call_log log;
	unsigned writes = 0;
	struct link l;

	world_player(w, true);
	for (unsigned i = 0; i < 32; i++)
		script_get(&s, &w->model, "/ping");
	link_open(&l, w, &w->player);
	client_send(&l.client, s.bytes, s.len);
	client_half_close(&l.client);
	link_serve(&l);
	for (size_t i = 0; i < s.count; i++)
		law_link_answer(&l, &s.request[i].want, "32 pipelined pings",
				"pipelined-bytes-lost");
	(void)link_end(&l);
	runner_calls(0, names, &log);
	for (size_t i = 0; i < log.count; i++)
		writes += log.call[i].name[0] != '+' && log.call[i].inode == l.inode;
	LAW_OF(&gathered, writes <= 4, "%u write calls for 32 pipelined pings", writes);
	LAW(writes > 0, "unseen-writes",
	    "the answers came, but by no write call on the connection");
	call_log_free(&log);
	link_close(&l);
	EVIDENCE("requests", 32);
}
