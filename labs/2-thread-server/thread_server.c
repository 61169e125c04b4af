/* thread_server.c - parts B and D: a thread for every connection, then a pool for all of them.
 * What the function owes is said in thread_server.h; conn_serve() of lab 1 serves a connection. */
#include "2-thread-server/thread_server.h"

#include <errno.h>

int thread_server_run(const struct cl_server_config *cfg)
{
	/* TODO(step 2): accept, a thread for each connection, and who joins it?
	 * TODO(step 4): if cfg->workers > 0, a pool of them; what does a worker do with a
	 * connection that is silent? */
	(void)cfg;
	return ENOSYS;
}
