/* wire_suite.h - CLHP/1 on one connection: every route, any split, pipelines, refusals.
 *
 * The questions are the same whether a function in the player serves a pair of sockets or a whole
 * server a TCP connection; a lab says by wire_ops how a connection comes to be served, and how it
 * ends. Each function states laws and ends the test if one is broken. [MT-Confined] */
#ifndef WIRE_SUITE_H
#define WIRE_SUITE_H
#include "script.h"
#include "world.h"

/* One connection under way. */
struct wire_link {
	struct world *world;
	struct client *client; /* our end                                                        */
	const struct wire_ops *ops;
	void *self; /* of ops                                                              */
};

struct wire_ops {
	void (*open)(
		struct wire_link *l); /* sets client: bytes can be sent, nobody serves it yet */
	void (*serve)(struct wire_link *l); /* from now on somebody does                        */
	/* True once nobody will answer any more. */
	bool (*over)(const struct wire_link *l);
	/* True once all that was sent has been read, or nobody will. */
	bool (*consumed)(const struct wire_link *l);
	/* The next answer is as wanted; `name` says which request it was. */
	void (*law_answer)(struct wire_link *l, const struct want *want, const char *name,
			   const char *finding);
	/* Serving ends, once the client is at its end; if named, orderly: else disorderly-end. */
	void (*law_end)(struct wire_link *l, const char *name);
	void (*close)(struct wire_link *l);
};

/* One request of every kind, each on a connection of its own. Returns how many. */
unsigned wire_routes(struct world *w, const struct wire_ops *ops);
/* A script of so many requests byte by byte, then in seeded pieces so many times: read-is-request.
 */
void wire_splits(struct world *w, const struct wire_ops *ops, size_t requests, unsigned splits);
/* 32 requests at once, with and without the end of file, and so many streams whose pieces cross the
 * ends of requests: pipelined-bytes-lost. */
void wire_pipelines(struct world *w, const struct wire_ops *ops, unsigned streams);
/* 100 Continue, and every refusal: the answer, then the end. */
void wire_refusals(struct world *w, const struct wire_ops *ops);
#endif
