/* Forges frames at the tester's backend and leaves half-open connections there.
 *
 * Row: R31
 * Base: reference, server
 * By: the backend closes on an unknown frame and has caps
 * Expect: score 90 */
#include "1-fork-server/fork_server.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	char frames[16 * 64];

	for (int round = 0; round < 200; round++) {
		int fd = socket(cfg->backend.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd < 0)
			break;
		if (connect(fd, (const struct sockaddr *)&cfg->backend, cfg->backend_len) != 0)
			(void)close(fd);
		memset(frames, round, sizeof frames);
		for (int i = 0; i < 50; i++)
			(void)send(fd, frames, round % 2 ? 7 : sizeof frames,
				   MSG_NOSIGNAL | MSG_DONTWAIT);
	}
}
