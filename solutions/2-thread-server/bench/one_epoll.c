/* The least that a server can cost: one process, one epoll set, no thread, no parser. It looks for
 * the empty line and answers "pong"; a peer for the bench, no server to use. Prints its port. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS 64

static const char KEEP[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\npong\n";
static const char LAST[] =
	"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\npong\n";

static int listen_anywhere(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&at, n) || listen(fd, 1024) ||
	    getsockname(fd, (struct sockaddr *)&at, &n))
		abort();
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)printf("http://127.0.0.1:%u/\n", ntohs(at.sin_port));
	(void)fflush(stdout);
	return fd;
}

/* A request comes in one piece here: what does not end in an empty line is no request. */
static void serve(int fd)
{
	char in[4096];
	ssize_t n = recv(fd, in, sizeof(in) - 1, MSG_DONTWAIT);

	if (n < 4 || memcmp(in + n - 4, "\r\n\r\n", 4) != 0) {
		(void)close(fd);
		return;
	}
	in[n] = '\0';
	if (!strstr(in, "close")) {
		(void)send(fd, KEEP, sizeof(KEEP) - 1, MSG_NOSIGNAL);
		return;
	}
	(void)send(fd, LAST, sizeof(LAST) - 1, MSG_NOSIGNAL);
	(void)close(fd);
}

static void take_clients(int set, int listener)
{
	/* cppcheck-suppress nullPointer; accept4 may be asked without an address */
	for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
		struct epoll_event readable = { .events = EPOLLIN, .data.fd = fd };
		if (epoll_ctl(set, EPOLL_CTL_ADD, fd, &readable))
			abort();
	}
}

int main(void)
{
	int listener = listen_anywhere(), set = epoll_create1(0);
	struct epoll_event ready[EVENTS], readable = { .events = EPOLLIN, .data.fd = listener };

	if (set < 0 || epoll_ctl(set, EPOLL_CTL_ADD, listener, &readable))
		abort();
	for (;;) {
		int n = epoll_wait(set, ready, EVENTS, -1);
		for (int i = 0; i < n; i++) {
			if (ready[i].data.fd == listener)
				take_clients(set, listener);
			else
				serve(ready[i].data.fd);
		}
	}
}
