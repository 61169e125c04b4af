/* A client for benches of servers: so many connections at a time, one request outstanding on each,
 * one thread. Prints the CPU time that the server's processes spent, in microseconds for a
 * connection (close: connect, one request, the whole answer, reset) or for a request (keep).
 *
 * The server's CPU is the figure: on loopback the client is as dear as the server, and wall time
 * belongs to the neighbours. The clock is that of the processes: threads that have ended count. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS_MAX 1024
#define HOSTS       64 /* 127.0.0.1 to .64: the ports of one would run out */

struct client {
	int fd;
	unsigned got; /* of the answer's bytes */
	char answer[1024];
};

struct load {
	struct client client[CLIENTS_MAX];
	char request[128];
	unsigned long begun, done, count;
	uint16_t port;
	int set;
	bool keep;
};

static _Noreturn void give_up(const char *what)
{
	(void)fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void ask(const struct load *l, const struct client *c)
{
	size_t n = strlen(l->request);

	if (send(c->fd, l->request, n, MSG_NOSIGNAL) != (ssize_t)n)
		give_up("send");
}

static void begin(struct load *l, struct client *c)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(l->port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in from = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK +
							     (uint32_t)(l->begun % HOSTS)) };
	struct linger reset = { .l_onoff = 1 };
	struct epoll_event readable = { .events = EPOLLIN, .data.ptr = c };
	int on = 1;

	c->got = 0;
	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	(void)setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	if (c->fd < 0 || bind(c->fd, (const struct sockaddr *)&from, sizeof(from)) ||
	    connect(c->fd, (const struct sockaddr *)&to, sizeof(to)))
		give_up("connect");
	(void)setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (epoll_ctl(l->set, EPOLL_CTL_ADD, c->fd, &readable))
		give_up("epoll_ctl");
	l->begun++;
	ask(l, c);
}

/* All answers are the head and a body of 5 bytes; a server that says anything else is no peer. */
static bool is_whole(const struct client *c)
{
	const char *end = memmem(c->answer, c->got, "\r\n\r\n", 4);

	return end && c->got >= (size_t)(end + 4 - c->answer) + 5;
}

static void come(struct load *l, struct client *c)
{
	ssize_t n = recv(c->fd, c->answer + c->got, sizeof(c->answer) - c->got, MSG_DONTWAIT);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0)
		give_up("an answer ends early");
	c->got += (unsigned)n;
	if (!is_whole(c))
		return;
	if (strncmp(c->answer, "HTTP/1.1 200", 12) != 0)
		give_up("an answer is not 200");
	l->done++;
	if (l->begun >= l->count) {
		(void)close(c->fd);
	} else if (l->keep) {
		l->begun++;
		c->got = 0;
		ask(l, c);
	} else {
		(void)close(c->fd);
		begin(l, c);
	}
}

static double cpu_us(char **pids, int count)
{
	double sum = 0;

	for (int i = 0; i < count; i++) {
		struct timespec t;
		clockid_t clock;
		if (clock_getcpuclockid((pid_t)strtol(pids[i], NULL, 10), &clock) ||
		    clock_gettime(clock, &t))
			give_up("the server's clock");
		sum += (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
	}
	return sum;
}

int main(int argc, char **argv)
{
	static struct load l;
	struct epoll_event ready[256];

	if (argc < 6) {
		(void)fprintf(stderr, "usage: %s close|keep CLIENTS COUNT PORT PID...\n", argv[0]);
		return 2;
	}
	l.keep = strcmp(argv[1], "keep") == 0;
	unsigned long clients = strtoul(argv[2], NULL, 10);
	l.count = strtoul(argv[3], NULL, 10);
	l.port = (uint16_t)strtoul(argv[4], NULL, 10);
	l.set = epoll_create1(0);
	(void)snprintf(l.request, sizeof(l.request), "GET /ping HTTP/1.1\r\nHost: a\r\n%s\r\n",
		       l.keep ? "" : "Connection: close\r\n");
	double before = cpu_us(argv + 5, argc - 5);
	for (unsigned long i = 0; i < clients && i < CLIENTS_MAX && i < l.count; i++)
		begin(&l, &l.client[i]);
	while (l.done < l.count) {
		int n = epoll_wait(l.set, ready, 256, 60000);
		if (n <= 0)
			give_up("no answer for a minute");
		for (int i = 0; i < n; i++)
			come(&l, ready[i].data.ptr);
	}
	(void)printf("%.3f\n", (cpu_us(argv + 5, argc - 5) - before) / (double)l.count);
	return 0;
}
