/* The world of a server's tests. */
#include "world.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct world *world_open(const char *function)
{
	struct world *w = calloc(1, sizeof(*w));

	if (!w)
		fault("no memory for a world");
	w->function = function;
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
	client_open(c, &w->stage, &w->server.at);
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
	    "%s is not written yet: the server ended at once with status 1", w->function);
	law_not_ended(&e, w->function);
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

void drain_sources(struct world *w)
{
	while (stage_poll(&w->stage, 0))
		continue;
}
