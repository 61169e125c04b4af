/* A million calls that are denied, to keep the supervisor busy.
 *
 * Row: R37
 * Base: skeleton, net
 * By: a denied call costs the caller's CPU time; each job has its own listener
 * Expect: not-written MODEL */
#include "1-fork-server/fork_server.h"

#include <sys/socket.h>

static void attack(const struct cl_server_config *cfg)
{
	(void)cfg;
	for (int i = 0; i < 1000000; i++)
		(void)socket(AF_NETLINK, SOCK_RAW, 0);
}
