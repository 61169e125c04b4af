/* lab1.h - what the tests of this lab share: a connection that conn_serve serves in the player. A
 * function named law_... states laws and ends the test if one is broken. [MT-Confined] */
#ifndef LAB1_H
#define LAB1_H
#include "lab.h"
#include "ops.h"
#include "world.h"

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
#endif
