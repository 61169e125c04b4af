/* served.h - what the tests of parts B and D share: connections of the wire suite over TCP, clients
 * that are served, and the end of a server at its gate. [MT-Confined] */
#ifndef LAB2_SERVED_H
#define LAB2_SERVED_H
#include "lab.h"
#include "wire_suite.h"
#include "world.h"

/* Of wire_suite.h, for the running server of the world. */
extern const struct wire_ops SERVED;

/* A world whose server is thread_server_run. */
struct world *served_open(void);

/* Connects `count` clients and has each answered one /ping; they stay. */
void law_clients(struct world *w, struct client *c, size_t count);
/* Connects a client that asks for a plan of its own and waits; target gets what it asked for.
 * Returns the seed. */
uint64_t ask_plan(struct world *w, struct client *c, const char *plan, char target[96]);

/* What the server holds when it sleeps. */
struct holding {
	size_t tasks, fds;
	uint64_t anonymous_kib;
};
struct holding served_holding(struct world *w);

/* Starts the server up to its first gate, and lets it pass. Returns what was there before it. */
struct holding served_begin(struct world *w, struct client *gate,
			    const struct server_options *options);
/* The server's function has returned after SIGTERM: no thread but main, no descriptor more than
 * before, the listener open; then main exits with 0. `finding` if it does not return. */
void law_returned(struct world *w, struct client *gate, const struct holding *before,
		  const char *finding, const char *when);
#endif
