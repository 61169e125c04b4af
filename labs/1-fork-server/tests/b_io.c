/* Part B, conn_serve with a scripted conn_io: every callback asks here, so time stands where we set
 * it, deadlines are seen, and two connections run side by side step by step. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab1.h"

#define SECOND     1000000ull
#define START_US   (10000 * SECOND)
#define HEADER_MS  5000u
#define IDLE_MS    60000u
#define HEADER_US  (HEADER_MS * 1000ull)
#define IDLE_US    (IDLE_MS * 1000ull)
#define FAR_FUTURE (START_US + 86400 * SECOND)
#define ASKS_MAX   1000

/* A scripted connection, and what it wrote. */
struct scripted {
	struct world *world;
	struct player *player;
	int fd, env;
	uint64_t count; /* what its env answers to /count                                     */
	uint8_t out[4096];
	size_t out_len;
};

static void begin(struct scripted *s, struct world *w, struct player *p, int env, unsigned idle_ms)
{
	const struct cl_server_config cfg = { .size = sizeof(cfg),
					      .listen_fd = -1,
					      .header_timeout_ms = HEADER_MS,
					      .idle_timeout_ms = idle_ms };
	int end[2];

	*s = (struct scripted){ .world = w, .player = p, .env = env };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, end))
		fault("cannot make a connection: %s", strerror(errno));
	(void)close(end[0]); /* whoever reads past the callbacks meets the end at once */
	s->fd = player_take(p, end[1]);
	PLAYER_BEGIN(p, .op = OP_CONN_SCRIPTED, .arg = { s->fd, env }, .data = &cfg,
		     .data_len = sizeof(cfg));
}

static void keep_output(struct scripted *s, int64_t n)
{
	size_t room = sizeof(s->out) - s->out_len;
	size_t len = s->player->message->head.data_len;

	len = len < (size_t)n ? len : (size_t)n;
	len = len < room ? len : room;
	memcpy(s->out + s->out_len, s->player->message->data, len);
	s->out_len += len;
}

/* The question that stands open is answered in the obvious way; false if it is a read. */
static bool answer_other(struct scripted *s)
{
	const struct wire_head *h = &s->player->message->head;
	int64_t n = h->arg[3] < (int64_t)WIRE_DATA_MAX ? h->arg[3] : (int64_t)WIRE_DATA_MAX;

	switch ((enum lab1_ask)h->op) {
	case ASK_READ:
		return false;
	case ASK_WRITE:
		keep_output(s, n);
		player_answer(s->player, n, 0, 0, NULL, 0);
		return true;
	case ASK_COUNT:
		player_answer(s->player, (int64_t)s->count, 0, 0, NULL, 0);
		return true;
	case ASK_SLEEP:
	case ASK_RPC:
	case ASK_DB:
	case ASK_YIELD:
	case ASK_DRAINING:
		break;
	}
	player_answer(s->player, 0, 0, 0, NULL, 0);
	return true;
}

/* The law that this wire is asked only by its own thread, with its own env. */
static void law_own_env(const struct scripted *s)
{
	static const struct law own = {
		.finding = "shared-environment",
		.name = "a callback gets the env of its own connection",
		.why = "conn_io.env is the closure of one connection: it must not be kept in a "
		       "variable "
		       "that another connection overwrites.",
	};
	const struct wire_head *h = &s->player->message->head;

	LAW_OF(&own, !s->player->asked || (h->arg[0] == s->env && h->arg[1] == s->env),
	       "two connections at once: a callback of one was given the env of the other");
}

static bool is_open(const struct player *p)
{
	return !p->asked && !p->returned && !p->gone;
}

/* Goes on until conn_serve wants to read. False: it returned. */
static bool next_read(struct scripted *s)
{
	struct player *p = s->player;

	for (unsigned asks = 0; asks < ASKS_MAX; asks++) {
		if (!WAIT_UNTIL(&s->world->stage, !is_open(p)))
			LAW(false, "hangs", "conn_serve sleeps outside of its conn_io");
		if (p->gone)
			law_alive(&s->world->stage, "conn_serve");
		if (p->returned)
			return false;
		law_own_env(s);
		if (!answer_other(s))
			return true;
	}
	LAW(false, "endless-callbacks",
	    "conn_serve calls its callbacks again and again and never reads");
	return false;
}

static void law_reads(struct scripted *s)
{
	bool reads = next_read(s);

	law_written(reads || s->player->message->head.arg[0] != ENOSYS, "conn_serve");
	LAW(reads, "ends-too-early", "conn_serve returned while its client had time left");
}

static void give(struct scripted *s, const char *bytes, uint64_t now_us)
{
	player_answer(s->player, (int64_t)strlen(bytes), 0, now_us, bytes, strlen(bytes));
}

static uint64_t deadline(const struct scripted *s)
{
	return (uint64_t)s->player->message->head.arg[4];
}

/* The text of a deadline relative to a moment, for findings. */
static const char *after(char out[48], uint64_t at, uint64_t moment)
{
	if (at >= moment && at - moment < 86400 * SECOND)
		(void)snprintf(out, 48, "%.3f s after it", (double)(at - moment) / 1e6);
	else
		(void)snprintf(out, 48, at < moment ? "before it" : "never");
	return out;
}

static void law_deadline(struct scripted *s, const char *finding, uint64_t from, uint64_t us,
			 const char *what)
{
	char got[48];

	LAW(deadline(s) == from + us, finding, "%s: wanted a deadline %.3f s after it, got %s",
	    what, (double)us / 1e6, after(got, deadline(s), from));
}

static void time_runs_out(struct scripted *s, uint64_t now_us)
{
	player_answer(s->player, -ETIMEDOUT, 0, now_us, NULL, 0);
	while (next_read(s))
		player_answer(s->player, 0, 0, 0, NULL, 0); /* and the client says nothing more */
}

static void law_header_timeout(struct world *w)
{
	static const char *const pieces[] = { "E", "T", " ", "/" };
	uint64_t first = START_US + 10 * SECOND, now = first;
	struct answer a;
	struct scripted s;

	player_clock(&w->player, START_US);
	begin(&s, w, &w->player, 0, IDLE_MS);
	law_reads(&s);
	law_deadline(&s, "wrong-idle-deadline", START_US, IDLE_US,
		     "a connection that has sent nothing");
	give(&s, "G", now);
	law_reads(&s);
	law_deadline(&s, "wrong-header-deadline", first, HEADER_US, "the first byte of a head");
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		give(&s, pieces[i], now += SECOND);
		law_reads(&s);
		law_deadline(&s, "header-timeout-restarts", first, HEADER_US,
			     "the first byte of a head, one more byte every second since");
	}
	time_runs_out(&s, first + HEADER_US);
	LAW(answer_parse(s.out, s.out_len, &a) > 0 && a.status == 408 && a.close, "no-408",
	    "the header time ran out and the client was not told by 408 and Connection: close");
	(void)player_untake(&w->player, s.fd);
}

static void law_idle_timeout(struct world *w)
{
	uint64_t now = START_US + 3 * SECOND;
	struct answer a;
	struct scripted s;

	player_clock(&w->player, START_US);
	begin(&s, w, &w->player, 0, IDLE_MS);
	law_reads(&s);
	give(&s, "GET /ping HTTP/1.1\r\n\r\n", now);
	law_reads(&s);
	LAW(answer_parse(s.out, s.out_len, &a) > 0 && a.status == 200 && !a.close, "wrong-answer",
	    "GET /ping got no answer before conn_serve read on");
	law_deadline(&s, "wrong-idle-deadline", now, IDLE_US, "the answer to a request");
	s.out_len = 0;
	time_runs_out(&s, now + IDLE_US);
	LAW(s.out_len == 0, "idle-not-silent",
	    "an idle connection is closed without a word, not by an answer");
	(void)player_untake(&w->player, s.fd);
}

static void law_no_idle_timeout(struct world *w)
{
	struct scripted s;

	player_clock(&w->player, START_US);
	begin(&s, w, &w->player, 0, 0);
	law_reads(&s);
	LAW(deadline(&s) == 0 || deadline(&s) >= FAR_FUTURE, "idle-timeout-not-off",
	    "idle_timeout_ms is 0, which is off, and the read has a deadline");
	player_answer(s.player, 0, 0, 0, NULL, 0);
	bool more = next_read(&s);
	LAW(!more && s.player->message->head.arg[0] == 0, "disorderly-end",
	    "the peer closed and conn_serve did not return 0");
	(void)player_untake(&w->player, s.fd);
}

LAB_TEST(keeps_deadlines, .id = "L1.B.7", .points = 1, .detector = "VT", .builds = "nat",
	 .about = "conn_serve",
	 .title = "header and idle time run out exactly when they should, and single bytes do not "
		  "restart them")
{
	struct world *w = world_open("fork_server_run");

	world_player(w, false);
	law_header_timeout(w);
	law_idle_timeout(w);
	law_no_idle_timeout(w);
	EVIDENCE("deadlines", 8);
}

/* Looks for a further question on a wire whose own one stays open: it can only be a foreign one. */
static void watch_open(struct scripted *s, struct wire_head *open)
{
	*open = s->player->message->head;
	s->player->asked = false;
	stage_events(&s->world->stage, s->player->slot, 1 /* POLLIN */);
}

static void unwatch(struct scripted *s, const struct wire_head *open)
{
	law_own_env(s);
	s->player->message->head = *open;
	s->player->asked = true;
	stage_events(&s->world->stage, s->player->slot, 0);
}

/* One request on `a` while `b` waits in its read. */
static void law_count_is_own(struct scripted *a, struct scripted *b)
{
	struct player *p = a->player;
	struct wire_head open;
	struct answer answer;
	char wanted[24];

	(void)snprintf(wanted, sizeof(wanted), "%llu\n", (unsigned long long)a->count);
	a->out_len = 0;
	watch_open(b, &open);
	give(a, "GET /count HTTP/1.1\r\n\r\n", 0);
	do {
		(void)WAIT_UNTIL(&a->world->stage, !is_open(p) || b->player->asked);
		law_own_env(b);
		LAW(!is_open(p), "hangs", "conn_serve sleeps outside of its conn_io");
		LAW(!p->returned && !p->gone, "ends-too-early",
		    "two connections at once: conn_serve returned in the middle of one");
		law_own_env(a);
	} while (answer_other(a));
	unwatch(b, &open);
	int head = answer_parse(a->out, a->out_len, &answer);
	LAW(head > 0 && answer.length == strlen(wanted) &&
		    a->out_len == (size_t)head + answer.length &&
		    memcmp(answer.body, wanted, answer.length) == 0,
	    "shared-environment",
	    "two connections at once: /count did not get the value of its own env");
}

LAB_TEST(keeps_closures_apart, .id = "L1.B.8", .points = 1, .detector = "function", .builds = "nat",
	 .about = "conn_serve",
	 .title = "two connections at once, each with its own env, do not mix")
{
	struct world *w = world_open("fork_server_run");
	struct player flow[2];
	struct scripted s[2];

	world_player(w, false);
	for (int i = 0; i < 2; i++) {
		player_branch(&w->player, WIRE_OP_THREAD, &flow[i]);
		begin(&s[i], w, &flow[i], i + 1, IDLE_MS);
		s[i].count = UINT64_C(111) * (unsigned)(i + 1);
		law_reads(&s[i]);
	}
	for (unsigned round = 0; round < 4; round++)
		law_count_is_own(&s[round % 2], &s[(round + 1) % 2]);
	EVIDENCE("requests", 4);
}
