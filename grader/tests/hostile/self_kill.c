/* Kills itself before anything can be looked at.
 *
 * Row: V5
 * Base: skeleton, net
 * By: an answer that is owed and does not come is a failure
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <signal.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	(void)cfg;
	(void)kill(getpid(), SIGKILL);
}
