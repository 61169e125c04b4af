/* Servers of this lab, seen from outside. */
#include "served.h"

#include <stdio.h>

struct world *served_open(void)
{
	return world_open("thread_server_run");
}

/* One connection of the suite at a time. */
static void served_link(struct wire_link *l)
{
	static struct client client;

	connect_to(l->world, &client);
	(void)WAIT_UNTIL(&l->world->stage, !client.connecting);
	l->client = &client;
}

static void serve(struct wire_link *l)
{
	(void)l; /* it does so by itself */
}

static bool is_over(const struct wire_link *l)
{
	return client_ended(l->client);
}

static bool is_consumed(const struct wire_link *l)
{
	return client_ended(l->client) || server_unread(&l->world->server, l->client) == 0;
}

static void answered(struct wire_link *l, const struct want *want, const char *name,
		     const char *finding)
{
	struct client *c = l->client;
	struct answer a;

	if (!WAIT_UNTIL(&l->world->stage, client_answered(c, &a) || client_ended(c)) ||
	    !client_answered(c, &a)) {
		law_server_runs(l->world);
		LAW(false, finding, "%s: %s", name,
		    client_ended(c) ? "the connection ended without an answer"
				    : "no answer comes and the server sleeps");
	}
	LAW(a.status != 0, finding, "%s: the answer is no HTTP/1.1 response", name);
	const char *differs = want_differs(want, &a);
	LAW(!differs || want->close || want->any_close || !a.close, "keep-alive-refused",
	    "%s: the answer says Connection: close although keep-alive was agreed", name);
	LAW(!differs, finding, "%s: %s", name, differs);
	client_drop(c, &a);
}

static void ended(struct wire_link *l, const char *name)
{
	const struct client *c = l->client;

	if (!WAIT_UNTIL(&l->world->stage, client_ended(c))) {
		law_server_runs(l->world);
		LAW(false, "serves-for-ever", "%s: the client is at its end and is not closed",
		    name ? name : "a connection");
	}
	LAW(!name || c->error == 0, "disorderly-end", "%s: the connection was reset, not closed",
	    name);
}

static void close_link(struct wire_link *l)
{
	client_close(l->client);
}

const struct wire_ops SERVED = {
	.open = served_link,
	.serve = serve,
	.over = is_over,
	.consumed = is_consumed,
	.law_answer = answered,
	.law_end = ended,
	.close = close_link,
};

void law_clients(struct world *w, struct client *c, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		connect_to(w, &c[i]);
		send_get(&c[i], "/ping");
	}
	for (size_t i = 0; i < count; i++)
		law_answer(w, &c[i], "/ping", "not-served");
}

uint64_t ask_plan(struct world *w, struct client *c, const char *plan, char target[96])
{
	uint64_t seed = world_seed(w);

	work_target(target, seed, plan);
	connect_to(w, c);
	send_get(c, target);
	return seed;
}

struct holding served_holding(struct world *w)
{
	static struct sample s;

	(void)stage_settle(&w->stage);
	runner_sample(SAMPLE_FDS | SAMPLE_MEMORY, &s);
	return (struct holding){ .tasks = s.task_count,
				 .fds = s.fd_count,
				 .anonymous_kib = s.anonymous_kib };
}

struct holding served_begin(struct world *w, struct client *gate,
			    const struct server_options *options)
{
	struct server_options all = *options;

	all.gate = gate;
	world_server(w, &all);
	if (!server_gate(&w->server, gate))
		fault("the server's main does not come to its gate");
	struct holding before = served_holding(w);
	server_pass(gate);
	return before;
}

void law_returned(struct world *w, struct client *gate, const struct holding *before,
		  const char *finding, const char *when)
{
	static struct sample s;
	bool listening = false;

	if (!server_gate(&w->server, gate)) {
		struct ending e = stage_ending(&w->stage);
		LAW(!e.ended || !e.signal, "killed-by-signal",
		    "%s: SIGTERM ended the server instead of being handled", when);
		LAW(false, finding, "%s: thread_server_run does not return", when);
	}
	LAW(WAIT_UNTIL(&w->stage, server_census().alive <= 1), "thread-left",
	    "%s: thread_server_run has returned and %zu of its threads are still there", when,
	    server_census().alive - 1);
	runner_sample(SAMPLE_FDS, &s);
	for (size_t i = 0; i < s.fd_count; i++)
		listening = listening || s.fd[i].inode == w->server.listener;
	LAW(listening, "closes-borrowed", "the server closed the listener, which is only borrowed");
	LAW(s.fd_count <= before->fds, "fd-leak",
	    "%s: thread_server_run has returned and left %zu descriptors open", when,
	    s.fd_count - before->fds);
	server_pass(gate);
	(void)WAIT_UNTIL(&w->stage, server_ended());
	struct ending e = stage_ending(&w->stage);
	LAW(e.ended && !e.signal && e.exit_status == 0, "exit-status",
	    "%s: thread_server_run did not return 0", when);
	client_close(gate);
}
