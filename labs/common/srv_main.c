/* common/srv_main.c - the one main of all servers. Without arguments it serves for the grader: the
 * configuration comes in descriptor 3, the listener in descriptor 4. With --port N [--crash]
 * [--workers N] [--conns N] it serves by hand: the first process plays the backend and forks the
 * server, so that what the server sees (its children, its descriptors) is the same in both cases.
 * GIVEN. */
#include "srv_main.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend.h"
#include "clab.h"
#include "http.h"

#ifndef CL_SERVER_RUN
#error "compile with -DCL_SERVER_RUN=<the server function>, e.g. fork_server_run"
#endif
int CL_SERVER_RUN(const struct cl_server_config *cfg);

#define BACKEND_CONNS 1024

static _Noreturn void give_up(const char *what)
{
	(void)fprintf(stderr, "srv: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int run_server(const struct cl_server_config *cfg)
{
	cl_backend_set((const struct sockaddr *)&cfg->backend, cfg->backend_len);
	return CL_SERVER_RUN(cfg) == 0 ? 0 : 1;
}

static void pass_gate(const char *which)
{
	char go;

	if (send(CL_SRV_GATE_FD, which, 1, MSG_NOSIGNAL) != 1)
		return;
	while (recv(CL_SRV_GATE_FD, &go, 1, 0) < 0 && errno == EINTR)
		continue;
}

static int serve_for_grader(void)
{
	struct cl_server_config cfg = { 0 };
	struct stat st;

	if (fstat(CL_SRV_CONFIG_FD, &st) || st.st_size != (off_t)sizeof(cfg) ||
	    pread(CL_SRV_CONFIG_FD, &cfg, sizeof(cfg), 0) != (ssize_t)sizeof(cfg) ||
	    cfg.size != sizeof(cfg) || cfg.backend_len > sizeof(cfg.backend))
		give_up("no valid configuration in descriptor 3 (by hand: --port N)");
	(void)close(CL_SRV_CONFIG_FD);
	cfg.listen_fd = CL_SRV_LISTEN_FD;
	if (fcntl(cfg.listen_fd, F_SETFD, FD_CLOEXEC))
		give_up("no listener in descriptor 4");
	if ((cfg.flags & CL_SRV_GATES) && fcntl(CL_SRV_GATE_FD, F_SETFD, FD_CLOEXEC))
		give_up("no gate in descriptor 5");
	(void)setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
	(void)fputs(CL_STDOUT_MARK, stdout);
	bool gates = cfg.flags & CL_SRV_GATES;
	cfg.flags &= ~CL_SRV_GATES;
	if (gates)
		pass_gate("b");
	int status = run_server(&cfg);
	if (gates)
		pass_gate("e");
	return status;
}

/* A connection of the backend and the part of a frame that has come. */
struct caller {
	uint8_t frame[16];
	size_t have;
};

/* poll slots 0 and 1 are the signals and the listener, the others one caller each. */
struct backend {
	struct pollfd slot[2 + BACKEND_CONNS];
	struct caller caller[2 + BACKEND_CONNS];
	nfds_t count;
};

/* False once the caller has gone. */
static bool caller_answer(int fd, struct caller *c)
{
	uint64_t id, value;
	ssize_t n = read(fd, c->frame + c->have, sizeof(c->frame) - c->have);

	if (n <= 0)
		return false;
	c->have += (size_t)n;
	if (c->have < sizeof(c->frame))
		return true;
	c->have = 0;
	cl_rpc_decode(c->frame, &id, &value);
	cl_rpc_encode(c->frame, id, cl_backend_mix(value, 0));
	return send(fd, c->frame, sizeof(c->frame), MSG_NOSIGNAL) == sizeof(c->frame);
}

static void backend_accept(struct backend *b)
{
	int fd = accept4(b->slot[1].fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	if (b->count == sizeof(b->slot) / sizeof(b->slot[0])) {
		(void)close(fd);
		return;
	}
	b->caller[b->count] = (struct caller){ 0 };
	b->slot[b->count++] = (struct pollfd){ .fd = fd, .events = POLLIN };
}

/* Backwards, so that the slot moved into a gap has been looked at already. */
static void backend_turn(struct backend *b)
{
	for (nfds_t i = b->count; i-- > 2;) {
		if (!b->slot[i].revents || caller_answer(b->slot[i].fd, &b->caller[i]))
			continue;
		(void)close(b->slot[i].fd);
		b->count--;
		b->slot[i] = b->slot[b->count];
		b->caller[i] = b->caller[b->count];
	}
	if (b->slot[1].revents)
		backend_accept(b);
}

/* Answers calls and passes on signals until the server has ended; returns what to exit with. */
static int supervise(struct backend *b, pid_t server)
{
	for (;;) {
		struct signalfd_siginfo info;
		int status;

		if (poll(b->slot, b->count, -1) < 0)
			give_up("poll");
		backend_turn(b);
		if (!b->slot[0].revents || read(b->slot[0].fd, &info, sizeof(info)) <= 0)
			continue;
		if (info.ssi_signo != SIGCHLD)
			(void)kill(server, SIGTERM);
		else if (waitpid(server, &status, WNOHANG) == server)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
}

static int listen_on(uint16_t port, struct sockaddr_in *at)
{
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(*at);

	*at = (struct sockaddr_in){ .sin_family = AF_INET,
				    .sin_port = htons(port),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)at, len) || listen(fd, 1024) ||
	    getsockname(fd, (struct sockaddr *)at, &len))
		give_up("cannot listen on this port");
	return fd;
}

/* What the command line says of a server by hand. */
struct by_hand {
	unsigned long port, workers, conns;
	bool crash;
};

static int serve_by_hand(const struct by_hand *options)
{
	static struct backend b;
	struct sockaddr_in at, back;
	int listener = listen_on((uint16_t)options->port, &at), backend = listen_on(0, &back);
	struct cl_server_config cfg = {
		.size = sizeof(cfg),
		.flags = options->crash ? CL_F_ALLOW_CRASH : 0,
		.listen_fd = listener,
		.max_conns = (unsigned)options->conns,
		.workers = (unsigned)options->workers,
		.queue_capacity = 64,
		.header_timeout_ms = 10000,
		.idle_timeout_ms = 30000,
		.drain_timeout_ms = 5000,
		.backend_len = sizeof(back),
	};
	sigset_t mine, before;

	memcpy(&cfg.backend, &back, sizeof(back));
	(void)sigemptyset(&mine);
	(void)sigaddset(&mine, SIGINT);
	(void)sigaddset(&mine, SIGTERM);
	(void)sigaddset(&mine, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &mine, &before);
	(void)printf("http://127.0.0.1:%u/  (Ctrl-C drains, twice stops)\n", ntohs(at.sin_port));
	(void)fflush(stdout);

	pid_t server = fork();
	if (server < 0)
		give_up("fork");
	if (server == 0) {
		/* Its own group: Ctrl-C reaches the server as one SIGTERM, from its supervisor. */
		(void)setpgid(0, 0);
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		(void)close(backend);
		(void)sigprocmask(SIG_SETMASK, &before, NULL);
		return run_server(&cfg);
	}
	(void)close(listener);
	int signals = signalfd(-1, &mine, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		give_up("signalfd");
	b.slot[0] = (struct pollfd){ .fd = signals, .events = POLLIN };
	b.slot[1] = (struct pollfd){ .fd = backend, .events = POLLIN };
	b.count = 2;
	return supervise(&b, server);
}

static bool read_options(char **argv, struct by_hand *options)
{
	for (; *argv; argv++) {
		unsigned long *number = strcmp(*argv, "--port") == 0      ? &options->port
					: strcmp(*argv, "--workers") == 0 ? &options->workers
					: strcmp(*argv, "--conns") == 0   ? &options->conns
									  : NULL;
		char *end = NULL;
		if (strcmp(*argv, "--crash") == 0) {
			options->crash = true;
			continue;
		}
		if (!number || !*++argv)
			return false;
		*number = strtoul(*argv, &end, 10);
		if (*end || end == *argv)
			return false;
	}
	return options->port <= UINT16_MAX && options->workers <= 1024 && options->conns <= 65536;
}

int main(int argc, char **argv)
{
	struct by_hand options = { .port = UINT16_MAX + 1, .workers = 8, .conns = 256 };

	if (argc == 1)
		return serve_for_grader();
	if (!read_options(argv + 1, &options)) {
		(void)fprintf(
			stderr,
			"usage: %s --port N [--crash] [--workers N] [--conns N]   (port 0: any "
			"free one)\n",
			argv[0]);
		return 2;
	}
	return serve_by_hand(&options);
}
