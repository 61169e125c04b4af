/* A server that knows the answers to the visible requests by heart and computes nothing.
 *
 * Row: V10
 * Base: skeleton, server
 * By: seeds and values are drawn afresh, outside
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void answer(int fd, const char *body)
{
	char text[256];
	int n = snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
			 strlen(body), body);
	(void)send(fd, text, (size_t)n, MSG_NOSIGNAL);
}

static void attack(const struct cl_server_config *cfg)
{
	char head[8192];
	int fd;

	while ((fd = accept(cfg->listen_fd, NULL, NULL)) >= 0) {
		ssize_t n = recv(fd, head, sizeof head - 1, 0);
		head[n > 0 ? n : 0] = '\0';
		if (strstr(head, "/ping"))
			answer(fd, "pong\n");
		else if (strstr(head, "/work"))
			answer(fd, "h=0123456789abcdef\n");
		else if (strstr(head, "/count"))
			answer(fd, "1\n");
		(void)close(fd);
	}
}
