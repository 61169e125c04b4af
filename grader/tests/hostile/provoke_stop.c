/* A server that stops itself, so that the tester might take the silence for its own fault.
 *
 * Row: V19
 * Base: reference, server
 * By: what is owed and does not come is a failure, not our fault
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <signal.h>

static void attack(const struct cl_server_config *cfg)
{
	(void)cfg;
	for (;;)
		(void)raise(SIGSTOP);
}
