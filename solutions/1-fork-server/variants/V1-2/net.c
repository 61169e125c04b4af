/* net.c - listen, read all, write all: everything the kernel may cut short is put together here. */
#include "1-fork-server/fork_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

/* Sleeps until fd is ready for `events`. Errors are left for the call that comes next. */
static void wait_ready(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	(void)poll(&p, 1, -1);
}

static socklen_t address_of(const char *text, uint16_t port, struct sockaddr_storage *out)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
		*(struct sockaddr_in *)out = v4;
		return sizeof(v4);
	}
	if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1) {
		*(struct sockaddr_in6 *)out = v6;
		return sizeof(v6);
	}
	return 0;
}

int net_listen(const char *addr, uint16_t port, int backlog)
{
	struct sockaddr_storage at = { 0 };
	socklen_t len = address_of(addr, port, &at);
	int on = 1, err;

	if (!len)
		return -EINVAL;
	int fd = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)))
		goto close_fd;
	if (bind(fd, (struct sockaddr *)&at, len))
		goto close_fd;
	if (listen(fd, backlog))
		goto close_fd;
	return fd;

close_fd:
	err = errno;
	(void)close(fd);
	return -err;
}

ssize_t net_read_full(int fd, void *buf, size_t len)
{
	size_t have = 0;

	while (have < len) {
		ssize_t n = read(fd, (char *)buf + have, len - have);
		if (n > 0)
			have += (size_t)n;
		else if (n == 0)
			break;
		else if (errno == EAGAIN)
			wait_ready(fd, POLLIN);
		else if (errno != EINTR)
			return -errno;
	}
	return (ssize_t)have;
}

int net_write_full(int fd, const void *buf, size_t len)
{
	size_t sent = 0;

	while (sent < len) {
		ssize_t n = send(fd, (const char *)buf + sent, len - sent, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			return errno;
		if (n > 0)
			sent += (size_t)n;
		if (sent < len)
			wait_ready(fd, POLLOUT); /* it took less: there is no room now */
	}
	return 0;
}
