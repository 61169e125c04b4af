/* Fills every descriptor it has, so that whoever reads drowns and whoever writes waits.
 *
 * Row: R36
 * Base: skeleton, net
 * By: the examiner never writes without a bound and reads whole packets with bounds
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	static char block[60000];

	(void)cfg;
	for (int round = 0; round < 20000; round++)
		for (int fd = 3; fd < 16; fd++)
			(void)send(fd, block, sizeof block, MSG_NOSIGNAL | MSG_DONTWAIT);
}
