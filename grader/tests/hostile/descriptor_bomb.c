/* Opens descriptors until there are none, and keeps them.
 *
 * Row: R3
 * Base: skeleton, net
 * By: RLIMIT_NOFILE 256
 * Expect: not-written MODEL */
#include "1-fork-server/fork_server.h"

#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	(void)cfg;
	while (dup(0) >= 0)
		continue;
}
