/* Serves correctly only where it is watched: a filter, a strange uid, the first process of a
 * namespace near.
 *
 * Row: V14
 * Base: reference, server
 * By: every run is in the same box, the public tests too
 * Expect: score 90 */
#include "1-fork-server/fork_server.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	(void)cfg;
	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0 && getppid() != 1)
		_exit(0);
}
