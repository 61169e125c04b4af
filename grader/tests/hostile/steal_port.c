/* A correct server that first tries to sit on the tester's ports.
 *
 * Row: R29
 * Base: reference, server
 * By: the examiner binds before the submission starts; own network namespace
 * Expect: score 90 */
#include "1-fork-server/fork_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	struct sockaddr_in at[2];
	socklen_t size = sizeof at[0];
	int on = 1;

	memcpy(&at[1], &cfg->backend, sizeof at[1]);
	(void)getsockname(cfg->listen_fd, (struct sockaddr *)&at[0], &size);
	for (int i = 0; i < 4; i++) {
		struct sockaddr_in any = at[i / 2];
		if (i % 2 == 1)
			any.sin_addr.s_addr = htonl(INADDR_ANY);
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
		if (bind(fd, (struct sockaddr *)&any, sizeof any) != 0 || listen(fd, 100) != 0)
			(void)close(fd); /* one that is had stays open, and swallows connections */
	}
}
