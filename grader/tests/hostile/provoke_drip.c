/* A server that sends one byte now and then for ever, so that it seems to make progress.
 *
 * Row: V19
 * Base: reference, server
 * By: progress has a bound too
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int fd = accept(cfg->listen_fd, NULL, NULL);
		if (fd < 0 || fork() != 0) {
			(void)close(fd);
			continue;
		}
		while (send(fd, "H", 1, MSG_NOSIGNAL) == 1)
			(void)poll(NULL, 0, 100);
		_exit(0);
	}
}
