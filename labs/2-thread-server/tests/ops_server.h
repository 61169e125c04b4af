/* ops_server.h - operations of parts B and D in an explored run: one thread of the script is the
 * server, the others are its clients, each with one connection at a time. */
#ifndef LAB2_OPS_SERVER_H
#define LAB2_OPS_SERVER_H
#include "wire.h"

enum lab2_server_op {
	OP_SERVER_RUN = WIRE_OP_LAB + 120, /* workers, capacity -> status, once it returns     */
	OP_CLIENT_OPEN,                    /* client ->                                        */
	/* client, what, seed, rounds or ms -> status (0: closed instead), digest of the body,
	 * closes, the body as a number */
	OP_CLIENT_GET,
	OP_CLIENT_CLOSE, /* client ->                                                          */
	OP_SERVER_OPEN,  /* -> connections that the server has accepted and not closed         */
};

enum lab2_target { TARGET_PING, TARGET_BURN, TARGET_WAIT, TARGET_COUNT };

#define SERVER_CLIENTS 8
#endif
