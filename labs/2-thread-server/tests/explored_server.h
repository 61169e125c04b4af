/* explored_server.h - the server as one thread of a script, for the tests of parts B and D. */
#ifndef LAB2_EXPLORED_SERVER_H
#define LAB2_EXPLORED_SERVER_H
#include "exploration.h"
#include "ops_server.h"

/* Plays the server with so many workers (0: a thread for each connection) and two clients, each of
 * which connects so many times and asks for both targets, in 20 schedules; states what they show.
 * `number` tells the explorations of one test apart. */
void explore_server(struct explorer *explorer, const char *name, unsigned workers, unsigned times,
		    const enum lab2_target what[2], unsigned number);
#endif
