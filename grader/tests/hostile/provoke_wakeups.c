/* A server that never sleeps long and never works: neither quiet nor busy.
 *
 * Row: V19
 * Base: reference, server
 * By: wake-ups without progress are counted
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <poll.h>

static void attack(const struct cl_server_config *cfg)
{
	(void)cfg;
	for (;;)
		(void)poll(NULL, 0, 50);
}
