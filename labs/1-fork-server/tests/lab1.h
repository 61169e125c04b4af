/* lab1.h - what the tests of this lab share: the world around a subject, and the plain exchanges.
 * A function named law_... states laws and ends the test if one is broken. [MT-Confined] */
#ifndef LAB1_H
#define LAB1_H
#include "lab.h"
#include "ops.h"

/* Everything but the subject. */
struct world {
	struct stage stage;
	struct backend backend;
	struct model model;
	struct rng rng;
	struct server server;
	struct player player;
	pid_t main;
};
/* Makes a world with an open backend; it lives as long as the examiner. */
struct world *world_open(void);
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

/* A connection served by conn_serve in the player. */
struct link {
	struct world *world;
	struct player *player;
	struct client client; /* our end                                                       */
	int fd;               /* the player's end, its number there                            */
	uint64_t inode;       /* of the player's end                                           */
};
/* Makes the connection; nothing is called yet, so bytes can be sent before. */
void link_open(struct link *link, struct world *world, struct player *player);
/* Begins conn_serve on it. */
void link_serve(struct link *link);
/* The next answer is as wanted; `name` says which request it was. */
void law_link_answer(struct link *link, const struct want *want, const char *name,
		     const char *finding);
/* conn_serve returns, once the client is at its end; gives its status. */
int link_end(struct link *link);
/* Closes both ends; the law that conn_serve left its descriptor open. */
void link_close(struct link *link);

/* Reads all that is there, also after an end was seen elsewhere. */
void drain_sources(struct world *world);
#endif
