/* world.h - what tests of servers share: the world around a subject, and the plain exchanges. A
 * function named law_... states laws and ends the test if one is broken. [MT-Confined] */
#ifndef WORLD_H
#define WORLD_H
#include "lab.h"

/* Everything but the subject. */
struct world {
	struct stage stage;
	struct backend backend;
	struct model model;
	struct rng rng;
	struct server server;
	struct player player;
	pid_t main;
	const char *function; /* of the submission, that the server runs: "fork_server_run"    */
};
/* Makes a world with an open backend; it lives as long as the examiner. */
struct world *world_open(const char *function);
/* Starts srv; the configuration gets the backend's address. */
void world_server(struct world *world, const struct server_options *options);
#define WORLD_SERVER(world, ...) \
	world_server((world), &(const struct server_options){ __VA_ARGS__ })
/* Starts the player. */
void world_player(struct world *world, bool trace);

/* A seed that the backend knows. */
uint64_t world_seed(struct world *world);
/* A fresh connection to the server. */
void connect_to(struct world *world, struct client *client);
/* Sends GET target HTTP/1.1. */
void send_get(struct client *client, const char *target);
/* "/work?seed=S&plan=..." into out. */
void work_target(char out[96], uint64_t seed, const char *plan);

/* Open descriptors of the subject's main process. */
size_t world_descriptors(const struct world *world);

/* The server runs: else not-written (it ended at once with status 1) or died. */
void law_server_runs(struct world *world);
/* The target, already asked for, is answered as the model says; otherwise the finding. */
void law_answer(struct world *world, struct client *client, const char *target,
		const char *finding);
/* Asks for the target, too. */
void law_get(struct world *world, struct client *client, const char *target, const char *finding);
/* Sends SIGTERM and states that the server ends. */
void law_stops(struct world *world);

/* Reads all that is there, also after an end was seen elsewhere. */
void drain_sources(struct world *world);
#endif
