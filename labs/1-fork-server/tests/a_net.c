/* Part A, net_listen: sockets as promised, errors as they are, and nothing left behind. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab1.h"

struct listening {
	int64_t result; /* of net_listen                                                       */
	int copy;       /* our copy of the socket, -1 if there is none                         */
};

static struct listening do_listen(struct world *w, const char *addr, uint16_t port)
{
	struct player *p = &w->player;
	int64_t result = PLAYER_CALL(p, "net_listen", .op = OP_NET_LISTEN, .arg = { port, 16 },
				     .data = addr, .data_len = strlen(addr) + 1);

	law_written(result != -ENOSYS, "net_listen");
	struct listening l = { .result = result, .copy = -1 };
	if (p->message->fd_count)
		l.copy = p->message->fds[0];
	return l;
}

static bool is_cloexec(const struct world *w, int64_t fd)
{
	static struct sample s;

	runner_sample(SAMPLE_FDS, &s);
	for (size_t i = 0; i < s.fd_count; i++)
		if (s.fd[i].pid == w->main && s.fd[i].fd == fd)
			return s.fd[i].cloexec;
	return false;
}

static int option(int fd, int name)
{
	int value = 0;
	socklen_t len = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, name, &value, &len) ? -1 : value;
}

static bool can_connect(const struct sockaddr_storage *at, socklen_t len)
{
	int fd = socket(at->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok = fd >= 0 && connect(fd, (const struct sockaddr *)at, len) == 0;

	(void)close(fd);
	return ok;
}

/* A socket that is as the contract says; closed again on both sides. */
static void law_listens(struct world *w, const char *addr, int family, uint16_t port)
{
	struct listening l = do_listen(w, addr, port);
	struct sockaddr_storage at = { 0 };
	socklen_t len = sizeof(at);
	char text[INET6_ADDRSTRLEN] = "";

	LAW(l.result >= 0, "cannot-listen", "net_listen(\"%s\") returned %lld (%s)", addr,
	    (long long)l.result, strerror((int)-l.result));
	LAW(l.copy >= 0 && option(l.copy, SO_TYPE) == SOCK_STREAM &&
		    getsockname(l.copy, (struct sockaddr *)&at, &len) == 0,
	    "not-a-socket", "net_listen(\"%s\") returned a descriptor that is no stream socket",
	    addr);
	const void *raw = family == AF_INET
				  ? (const void *)&((struct sockaddr_in *)&at)->sin_addr
				  : (const void *)&((struct sockaddr_in6 *)&at)->sin6_addr;
	LAW(at.ss_family == family && inet_ntop(family, raw, text, sizeof(text)) &&
		    strcmp(text, addr) == 0,
	    "wrong-address", "asked for %s, the socket is bound to another address", addr);
	LAW(option(l.copy, SO_ACCEPTCONN) == 1 && can_connect(&at, len), "not-listening",
	    "the socket for %s takes no connections", addr);
	LAW(option(l.copy, SO_REUSEADDR) == 1, "no-reuseaddr", "SO_REUSEADDR is not set");
	LAW(is_cloexec(w, l.result), "no-cloexec", "the descriptor is not close-on-exec");
	(void)close(l.copy);
	(void)player_untake(&w->player, (int)l.result);
}

static const struct law NO_LEAK = {
	.finding = "fd-leak",
	.detector = "RES",
	.name = "a failed net_listen leaves no descriptor",
	.why = "Whatever fails after socket() must close the socket before it returns.",
};

/* net_listen fails with one of the errors (0: any) and leaves nothing behind. */
static void law_fails(struct world *w, const char *addr, uint16_t port, int error, const char *when)
{
	size_t before = world_descriptors(w);
	struct listening l = do_listen(w, addr, port);

	LAW(l.result < 0 && l.result > -4096, "error-unnoticed",
	    "%s: net_listen returned %lld, not a negative errno", when, (long long)l.result);
	LAW(!error || l.result == -error, "wrong-errno", "%s: wanted -%d (%s), got %lld (%s)", when,
	    error, strerror(error), (long long)l.result, strerror((int)-l.result));
	LAW_OF(&NO_LEAK, world_descriptors(w) == before,
	       "%s: descriptors open afterwards and not before: %zu", when,
	       world_descriptors(w) - before);
}

static int bound(uint16_t *port, bool listening)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&at, len) || (listening && listen(fd, 4)) ||
	    getsockname(fd, (struct sockaddr *)&at, &len))
		fault("cannot make a listener: %s", strerror(errno));
	*port = ntohs(at.sin_port);
	return fd;
}

/* A port with a connection in TIME_WAIT, which our side closed first. */
static uint16_t port_in_time_wait(void)
{
	uint16_t port;
	char byte;
	int listener = bound(&port, true), c = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons(port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	if (c < 0 || connect(c, (struct sockaddr *)&at, sizeof(at)))
		fault("cannot connect to our own listener: %s", strerror(errno));
	int s = accept(listener, NULL, NULL);
	(void)close(s);
	if (read(c, &byte, 1) != 0)
		fault("our own connection does not end");
	(void)close(c);
	(void)close(listener);
	return port;
}

static bool has_ipv6(void)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok = fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0;

	(void)close(fd);
	return ok;
}

LAB_TEST(listens, .id = "L1.A.1", .gate = true, .points = 4, .detector = "function",
	 .builds = "nat", .about = "net_listen",
	 .title = "net_listen makes a listening socket, names the right error and leaks nothing")
{
	static const struct {
		const char *call;
		int error;
	} failing[] = { { "socket", EMFILE }, { "bind", EACCES }, { "listen", EADDRINUSE } };
	struct world *w = world_open("fork_server_run");
	uint16_t port;

	world_player(w, true);
	law_listens(w, "127.0.0.1", AF_INET, 0);
	if (has_ipv6())
		law_listens(w, "::1", AF_INET6, 0);
	else
		evidence_note("no ::1 here: not tested");
	law_fails(w, "300.1.2.3", 0, 0, "the address 300.1.2.3");
	law_fails(w, "no-address", 0, 0, "the address no-address");
	law_fails(w, "192.0.2.1", 0, EADDRNOTAVAIL, "an address that is not ours");

	int taken = bound(&port, true);
	law_fails(w, "127.0.0.1", port, EADDRINUSE, "a port in use");
	(void)close(taken);

	struct listening again = do_listen(w, "127.0.0.1", port_in_time_wait());
	LAW(again.result >= 0, "no-reuseaddr",
	    "a port whose last connection is still in TIME_WAIT cannot be bound");
	(void)player_untake(&w->player, (int)again.result);
	for (size_t i = 0; i < sizeof(failing) / sizeof(failing[0]); i++) {
		char when[64];
		(void)snprintf(when, sizeof(when), "%s fails", failing[i].call);
		runner_inject(&(struct injection){ .calls = { failing[i].call },
						   .who = "main",
						   .from = 1,
						   .times = 1,
						   .error = failing[i].error });
		law_fails(w, "127.0.0.1", 0, failing[i].error, when);
		runner_disarm();
	}
	EVIDENCE("sockets", 3);
	EVIDENCE("expected errors", 7);
}
