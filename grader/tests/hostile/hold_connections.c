/* Accepts every connection, reads nothing, answers nothing, and never ends.
 *
 * Row: R30
 * Base: reference, server
 * By: the examiner waits by its own rules and never writes without a bound
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	(void)signal(SIGTERM, SIG_IGN);
	for (;;)
		if (accept(cfg->listen_fd, NULL, NULL) < 0)
			(void)pause();
}
