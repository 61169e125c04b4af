/* Parts B and D under the explorer: the server as one thread of the script, clients as others, two
 * at a time. Its end is not played, for no signal is delivered there: see b_threads.c. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/http.h"
#include "explored_server.h"
#include "served.h"

enum { SEEDED = 20, CLIENTS = 2, CAPACITY = 4 };

static const char *name_of(uint16_t op)
{
	static const char *const names[] = { "thread_server_run", "connect", "GET", "close",
					     "count" };
	unsigned n = op - (unsigned)OP_SERVER_RUN;

	return n < sizeof(names) / sizeof(names[0]) ? names[n] : "?";
}

static void say(struct verdict *v, int op, const char *finding, const char *name, const char *why)
{
	v->law = (struct law){ .finding = finding, .name = name, .why = why };
	v->operation = op;
}

/* The digest of the body that a GET must get; 0: /count, which the set of all decides. */
static uint64_t wanted_digest(const struct explore_op *o)
{
	const struct model model = { 0 };
	struct want want;
	char request[128];
	int n = snprintf(request, sizeof(request), "GET /ping HTTP/1.1\r\n\r\n");

	if (o->arg[1] == TARGET_COUNT)
		return 0;
	if (o->arg[1] != TARGET_PING)
		n = snprintf(request, sizeof(request),
			     "GET /work?seed=%" PRIi64 "&plan=%c%" PRIi64 " HTTP/1.1\r\n\r\n",
			     o->arg[2], o->arg[1] == TARGET_BURN ? 'c' : 'w', o->arg[3]);
	model_answer(&model, request, (size_t)n, &want);
	uint64_t digest = cl_sum_update(CL_SUM_INIT, want.body, want.length);
	want_free(&want);
	return digest;
}

/* A client's answer. True if something is wrong with it. */
static bool get_wrong(const struct execution *e, const struct explore_op *o, unsigned op,
		      struct verdict *v)
{
	const struct explore_history *h = &e->answer.history[op];
	uint64_t digest = wanted_digest(o);

	if (h->result[0] == 0) {
		say(v, (int)op, "not-served", "every request is answered",
		    "The connection was closed instead.");
		(void)snprintf(v->what, sizeof(v->what), "a client asked and was closed");
		return true;
	}
	if (h->result[0] == 200 && !h->result[2] && (!digest || (uint64_t)h->result[1] == digest))
		return false;
	say(v, (int)op, h->result[2] ? "keep-alive-refused" : "wrong-answer",
	    "every request gets its own answer",
	    "Two connections are served at once: what belongs to one must not meet the other.");
	(void)snprintf(v->what, sizeof(v->what),
		       h->result[2] ? "an answer says Connection: close although nobody asked"
				    : "a client got status %d, or the body of another answer",
		       (int)h->result[0]);
	return true;
}

/* /count over all clients: 1, 2, 3, ..., each once. */
static bool count_wrong(const struct exploration *x, const struct execution *e, struct verdict *v)
{
	uint64_t seen = 0;
	unsigned asked = 0;

	for (unsigned i = 0; i < x->script->ops; i++) {
		const struct explore_op *o = &x->script->op[i];
		if (o->op != OP_CLIENT_GET || o->arg[1] != TARGET_COUNT)
			continue;
		if (!e->answer.history[i].back)
			return false; /* not all have asked */
		uint64_t n = (uint64_t)e->answer.history[i].result[3];
		asked++;
		seen |= n < 64 ? 1ull << n : 1;
	}
	if (!asked || seen == (2ull << asked) - 2)
		return false;
	say(v, -1, "count-wrong", "every /count gets the next number",
	    "Reading, adding and writing back must be one step.");
	(void)snprintf(v->what, sizeof(v->what), "%u requests of /count did not get 1 to %u", asked,
		       asked);
	return true;
}

static bool server_wrong(const struct explore_history *h, struct verdict *v)
{
	if (!h->back)
		return false;
	say(v, 0, h->result[0] == ENOSYS ? "not-written" : "server-ended",
	    "the server serves until SIGTERM", "No signal came.");
	(void)snprintf(v->what, sizeof(v->what), "thread_server_run returned %d%s",
		       (int)h->result[0],
		       h->result[0] == ENOSYS ? ": it is not written yet" : " while clients came");
	return true;
}

static bool judge(const struct exploration *x, const struct execution *e, struct verdict *v)
{
	if (server_wrong(&e->answer.history[0], v))
		return true;
	for (unsigned i = 1; i < x->script->ops; i++) {
		const struct explore_history *h = &e->answer.history[i];
		const struct explore_op *o = &x->script->op[i];
		if (h->asleep) {
			finding_stuck(x, e, i, v);
			return true;
		}
		if (!h->back)
			continue;
		if (o->op == OP_CLIENT_GET && get_wrong(e, o, i, v))
			return true;
		if (o->op == OP_SERVER_OPEN && h->result[0] != 0) {
			say(v, (int)i, "fd-leak", "every connection is closed once",
			    "Who serves a connection closes it when it has ended.");
			(void)snprintf(v->what, sizeof(v->what),
				       "all clients have gone and %d connections are not closed",
				       (int)h->result[0]);
			return true;
		}
	}
	return count_wrong(x, e, v);
}

/* A variable of one thread's stack, which it writes again while another one reads it. */
static bool is_reused_argument(const struct explore_finding *f)
{
	const bool mine = f->memory.thread == f->earlier.thread;
	const struct explore_access *owner = mine ? &f->earlier : &f->later;
	const struct explore_access *other = mine ? &f->later : &f->earlier;

	return f->memory.kind == EXPLORE_MEMORY_STACK && f->memory.thread == owner->thread &&
	       other->thread != owner->thread && owner->kind == EXPLORE_WRITE &&
	       other->kind == EXPLORE_READ;
}

static void explain(const struct exploration *x, const struct execution *e,
		    const struct explore_event *event, struct verdict *v)
{
	const struct explore_finding *f = &e->answer.finding;

	(void)x, (void)event;
	if (e->answer.end != EXPLORE_END_FINDING)
		return;
	if ((f->kind == EXPLORE_RACE && is_reused_argument(f)) || f->kind == EXPLORE_DEAD_MEMORY) {
		v->law.finding = "argument-reused";
		v->law.why = "The new thread reads a variable of the thread that made it, and that "
			     "one goes on: give each thread a copy of its own.";
	} else if (f->kind == EXPLORE_MISUSE && f->sub == EXPLORE_CLOSE_TWICE) {
		v->law.finding = "closed-twice";
		v->law.why = "Once closed, the number may belong to another connection: the second "
			     "close takes that one away.";
	}
}

static void add(struct explore_script *s, struct explore_op op)
{
	s->op[s->ops++] = op;
}

/* Each client connects so many times and asks for two targets, one after the other. */
static void script_of(struct explore_script *s, unsigned workers, unsigned times,
		      const enum lab2_target what[2])
{
	struct rng rng = { .state = lab_seed() };

	*s = (struct explore_script){ .threads = 1 + CLIENTS, .phases = 2 };
	add(s,
	    (struct explore_op){ .thread = 1, .op = OP_SERVER_RUN, .arg = { workers, CAPACITY } });
	for (unsigned i = 0; i < CLIENTS; i++) {
		for (unsigned k = 0; k < times; k++) {
			struct explore_op o = { .thread = (uint8_t)(2 + i), .arg = { i } };
			o.op = OP_CLIENT_OPEN;
			add(s, o);
			o.op = OP_CLIENT_GET;
			for (unsigned g = 0; g < 2; g++) {
				o.arg[1] = what[g];
				o.arg[2] = (int64_t)(rng_next(&rng) >> 2);
				o.arg[3] = 1 + (int64_t)rng_below(&rng, 9);
				add(s, o);
			}
			o.op = OP_CLIENT_CLOSE;
			add(s, o);
		}
	}
	add(s, (struct explore_op){ .thread = 2, .phase = 1, .op = OP_SERVER_OPEN });
}

void explore_server(struct explorer *e, const char *name, unsigned workers, unsigned times,
		    const enum lab2_target what[2], unsigned number)
{
	static struct explore_script script;
	const struct exploration x = {
		.name = name,
		.script = &script,
		.budget = { .seeded = SEEDED, .bounded = 1 },
		.judge = judge,
		.name_of = name_of,
		.explain = explain,
	};

	script_of(&script, workers, times, what);
	explore(e, &x, number);
}

LAB_TEST(
	shares_nothing_unguarded, .id = "L2.B.4", .points = 4, .detector = "HB", .builds = "exp",
	.about = "thread_server_run",
	.title = "two connections at a time, in 20 schedules: no race, each descriptor closed once")
{
	static const enum lab2_target first[] = { TARGET_PING, TARGET_BURN },
				      second[] = { TARGET_WAIT, TARGET_PING };
	static struct stage stage;
	static struct explorer e;

	explorer_open(&e, &stage);
	explore_server(&e, "2 clients, 2 connections each", 0, 2, first, 0);
	explore_server(&e, "2 clients, 2 connections each, with waits", 0, 2, second, 1);
	explorer_close(&e);
}

/* Natively, over many connections. */
static void law_counts(void)
{
	struct world *w = served_open();

	WORLD_SERVER(w, .trace = false);
	for (uint64_t i = 1; i <= 300; i++) {
		struct client c;

		w->model.count = i;
		connect_to(w, &c);
		law_get(w, &c, "/count", "count-wrong");
		client_close(&c);
	}
}

LAB_TEST(counts_every_request, .id = "L2.B.5", .points = 2, .detector = "HB", .builds = "exp nat",
	 .about = "thread_server_run",
	 .title = "/count over 300 connections gives 1 to 300, and its counter is guarded")
{
	static const enum lab2_target counts[] = { TARGET_COUNT, TARGET_COUNT };
	static struct stage stage;
	static struct explorer e;

	EVIDENCE("connections", 300);
	if (strcmp(lab_build(), "nat") == 0) {
		law_counts();
		return;
	}
	explorer_open(&e, &stage);
	explore_server(&e, "2 clients, 2 connections each", 0, 2, counts, 0);
	explorer_close(&e);
}
