/* The world of this lab's tests. */
#include "lab1.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct world *world_open(void)
{
	struct world *w = calloc(1, sizeof(*w));

	if (!w)
		fault("no memory for a world");
	w->rng.state = lab_seed();
	w->model.secret = rng_next(&w->rng);
	backend_open(&w->backend, &w->stage, w->model.secret);
	return w;
}

void world_server(struct world *w, const struct server_options *options)
{
	struct server_options all = *options;

	memcpy(&all.config.backend, &w->backend.at, sizeof(w->backend.at));
	all.config.backend_len = sizeof(w->backend.at);
	server_start(&w->server, &w->stage, &all);
	w->main = w->server.main;
}

void world_player(struct world *w, bool trace)
{
	w->main = player_start(&w->player, &w->stage, trace);
}

uint64_t world_seed(struct world *w)
{
	uint64_t seed = rng_next(&w->rng) >> 1; /* below 2^63: above are the look-ups */

	backend_expect(&w->backend, seed);
	return seed;
}

void connect_to(struct world *w, struct client *c)
{
	client_open(c, &w->stage, w->server.port);
}

void send_get(struct client *c, const char *target)
{
	char request[256];
	int n = snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\n\r\n", target);

	client_send(c, request, (size_t)n); /* at once: splits are the topic of other tests */
}

void work_target(char out[96], uint64_t seed, const char *plan)
{
	(void)snprintf(out, 96, "/work?seed=%" PRIu64 "&plan=%s", seed, plan);
}

size_t world_descriptors(const struct world *w)
{
	static struct sample s;
	size_t n = 0;

	runner_sample(SAMPLE_FDS, &s);
	for (size_t i = 0; i < s.fd_count; i++)
		n += s.fd[i].pid == w->main;
	return n;
}

void law_server_runs(struct world *w)
{
	struct ending e = stage_ending(&w->stage);

	LAW(!e.ended || e.signal || e.exit_status != 1, "not-written",
	    "fork_server_run is not written yet: the server ended at once with status 1");
	law_not_ended(&e, "fork_server_run");
}

void law_answer(struct world *w, struct client *c, const char *target, const char *finding)
{
	struct script s = { 0 };
	struct answer a;

	script_get(&s, &w->model, target);
	if (!WAIT_UNTIL(&w->stage, client_answered(c, &a) || client_ended(c)) ||
	    !client_answered(c, &a)) {
		law_server_runs(w);
		LAW(false, finding, "GET %s: %s", s.request[0].want.work ? "/work" : target,
		    client_ended(c) ? "the connection ended without an answer"
				    : "no answer comes and the server sleeps");
	}
	const char *differs = want_differs(&s.request[0].want, &a);
	LAW(!differs, finding, "GET %s: %s", s.request[0].want.work ? "/work" : target, differs);
	client_drop(c, &a);
	script_free(&s);
}

void law_get(struct world *w, struct client *c, const char *target, const char *finding)
{
	send_get(c, target);
	law_answer(w, c, target, finding);
}

void law_stops(struct world *w)
{
	runner_signal(0, SIGTERM);
	LAW(WAIT_UNTIL(&w->stage, server_ended()), "sigterm-ignored",
	    "SIGTERM came and the server sleeps on");
}

void link_open(struct link *l, struct world *w, struct player *p)
{
	struct stat st;
	int end[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, end) || fstat(end[1], &st))
		fault("cannot make a connection: %s", strerror(errno));
	*l = (struct link){ .world = w, .player = p, .inode = st.st_ino };
	client_adopt(&l->client, &w->stage, end[0]);
	l->fd = player_take(p, end[1]);
}

void link_serve(struct link *l)
{
	struct world *w = l->world;
	struct cl_server_config cfg = { .size = sizeof(cfg),
					.listen_fd = -1,
					.header_timeout_ms = 600000,
					.idle_timeout_ms = 600000,
					.backend_len = sizeof(w->backend.at) };

	memcpy(&cfg.backend, &w->backend.at, sizeof(w->backend.at));
	PLAYER_BEGIN(l->player, .op = OP_CONN_SERVE, .arg = { l->fd }, .data = &cfg,
		     .data_len = sizeof(cfg));
}

void drain_sources(struct world *w)
{
	while (stage_poll(&w->stage, 0))
		continue;
}

static bool link_answered(struct link *l, struct answer *a)
{
	(void)WAIT_UNTIL(&l->world->stage, client_answered(&l->client, a) ||
						   client_ended(&l->client) ||
						   l->player->returned || l->player->gone);
	drain_sources(l->world);
	return client_answered(&l->client, a);
}

void law_link_answer(struct link *l, const struct want *want, const char *name, const char *finding)
{
	struct answer a;

	if (!link_answered(l, &a)) {
		if (l->player->gone)
			law_alive(&l->world->stage, "conn_serve");
		if (l->player->returned)
			law_written(l->player->message->head.arg[0] != ENOSYS, "conn_serve");
		LAW(false, finding, "%s: %s", name,
		    l->player->returned ? "conn_serve returned without an answer"
					: "no answer comes and conn_serve sleeps");
	}
	LAW(a.status != 0, finding, "%s: the answer is no HTTP/1.1 response", name);
	const char *differs = want_differs(want, &a);
	LAW(!differs, finding, "%s: %s", name, differs);
	client_drop(&l->client, &a);
}

int link_end(struct link *l)
{
	if (!WAIT_UNTIL(&l->world->stage, l->player->returned || l->player->gone) ||
	    l->player->gone)
		law_alive(&l->world->stage, "conn_serve");
	LAW(l->player->returned, "serves-for-ever",
	    "the connection is at its end and conn_serve does not return");
	drain_sources(l->world);
	return (int)l->player->message->head.arg[0];
}

void link_close(struct link *l)
{
	int error = player_untake(l->player, l->fd);

	LAW(error == 0, "closes-borrowed",
	    "conn_serve closed its descriptor, which is only borrowed");
	client_close(&l->client);
}
