/* Connects to itself from many processes until no port is left.
 *
 * Row: R32
 * Base: reference, server
 * By: clients have another address; descriptor and task limits
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	struct sockaddr_storage at;
	socklen_t size = sizeof at;

	(void)getsockname(cfg->listen_fd, (struct sockaddr *)&at, &size);
	for (int i = 0; i < 120; i++) {
		if (fork() != 0)
			continue;
		for (;;) {
			int fd = socket(at.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
			while (fd < 0)
				(void)pause();
			(void)connect(fd, (struct sockaddr *)&at, size);
		}
	}
}
