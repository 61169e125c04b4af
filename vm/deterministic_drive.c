/* The driver of the deterministic machine: a server of lab 1, some clients, and a SIGTERM after a
 * number of instructions that the seed decides. What it prints depends on the seed and the server
 * alone, because in this machine nothing else exists: kernel, scheduler and clock included. It is a
 * witness, not a judge: laws that it sees broken give no points and cost none. Usage: drive SERVER
 * SEED */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/clab.h"
#include "common/srv_main.h"

enum {
	CLIENTS = 6,
	ANSWER_BYTES = 8192,
	DRAIN_MS = 500,
	SLACK_MS =
		2000, /* after the drain; nothing but our own few processes is there to wait for */
	SPIN_MAX = 4000000,
	FD_SPARE = 20,
};

struct client {
	int fd;
	bool asked; /* the whole request is out */
	bool closed;
	size_t got;
	char answer[ANSWER_BYTES + 1];
};

static _Noreturn void give_up(const char *what)
{
	(void)printf("driver: %s: %s\n", what, strerror(errno));
	(void)fflush(stdout);
	exit(2);
}

/* Source: splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t draw(uint64_t *state, uint64_t below)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (z ^ z >> 31) % below;
}

/* Passes instructions, and with them time. */
static void spin(uint64_t rounds)
{
	for (volatile uint64_t i = 0; i < rounds; i++)
		continue;
}

static uint64_t now_ms(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int listen_here(struct sockaddr_in *at)
{
	socklen_t length = sizeof *at;
	*at = (struct sockaddr_in){ .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)at, length) != 0 || listen(fd, 64) != 0 ||
	    getsockname(fd, (struct sockaddr *)at, &length) != 0)
		give_up("cannot listen");
	return fd;
}

static pid_t start_server(char *program, int listener)
{
	const struct cl_server_config config = {
		.size = sizeof config,
		.listen_fd = CL_SRV_LISTEN_FD,
		.max_conns = 64,
		.workers = 4,
		.queue_capacity = 16,
		.header_timeout_ms = 10000,
		.idle_timeout_ms = 30000,
		.drain_timeout_ms = DRAIN_MS,
	};
	int fd = memfd_create("config", MFD_CLOEXEC);
	if (fd < 0 || write(fd, &config, sizeof config) != (ssize_t)sizeof config)
		give_up("cannot make the configuration");
	int spare_config = fcntl(fd, F_DUPFD_CLOEXEC, FD_SPARE);
	int spare_listener = fcntl(listener, F_DUPFD_CLOEXEC, FD_SPARE);
	(void)fflush(stdout);
	pid_t pid = fork();
	if (pid < 0)
		give_up("cannot fork");
	if (pid > 0) {
		(void)close(fd);
		(void)close(spare_config);
		(void)close(spare_listener);
		return pid;
	}
	(void)setpgid(0, 0);
	(void)dup2(spare_config, CL_SRV_CONFIG_FD);
	(void)dup2(spare_listener, CL_SRV_LISTEN_FD);
	(void)dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
	(void)execl(program, program, (char *)NULL);
	_exit(127);
}

static void client_connect(struct client *client, const struct sockaddr_in *at)
{
	*client = (struct client){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	if (client->fd < 0 || connect(client->fd, (const struct sockaddr *)at, sizeof *at) != 0)
		give_up("cannot connect");
}

/* The whole request, or its first bytes only. */
static void client_ask(struct client *client, uint64_t *seed)
{
	static const char request[] = "GET /bytes/100?seed=7 HTTP/1.1\r\nHost: vm\r\n\r\n";
	size_t length = sizeof request - 1;
	client->asked = draw(seed, 4) != 0;
	size_t part = client->asked ? length : 1 + (size_t)draw(seed, length - 1);
	if (send(client->fd, request, part, MSG_NOSIGNAL) < 0)
		client->closed = true;
}

static void client_read(struct client *client)
{
	ssize_t got = recv(client->fd, client->answer + client->got, ANSWER_BYTES - client->got,
			   MSG_DONTWAIT);
	if (got > 0)
		client->got += (size_t)got;
	else if (got == 0 || errno != EAGAIN)
		client->closed = true;
}

/* Reads until the server has ended or `deadline_ms` has come; true: it has ended. */
static bool serve_until(struct client *clients, pid_t server, uint64_t deadline_ms, int *status)
{
	for (;;) {
		if (waitpid(server, status, WNOHANG) == server)
			return true;
		if (now_ms() >= deadline_ms)
			return false;
		struct pollfd fds[CLIENTS];
		for (size_t i = 0; i < CLIENTS; i++)
			fds[i] = (struct pollfd){ .fd = clients[i].closed ? -1 : clients[i].fd,
						  .events = POLLIN };
		(void)poll(fds, CLIENTS, 1);
		for (size_t i = 0; i < CLIENTS; i++)
			if (fds[i].revents != 0)
				client_read(&clients[i]);
	}
}

static bool law(const char *name, bool held)
{
	(void)printf("law %-18s %s\n", name, held ? "held" : "BROKEN");
	return held;
}

/* An answer is whole or there is none: its head says how long it is. */
static bool is_whole(const struct client *client)
{
	if (client->got == 0)
		return true;
	const char *body = strstr(client->answer, "\r\n\r\n");
	const char *length = strcasestr(client->answer, "\r\nContent-Length:");
	if (body == NULL || length == NULL || length > body)
		return false;
	size_t wanted = strtoul(length + 17, NULL, 10);
	return client->got - (size_t)(body + 4 - client->answer) >= wanted;
}

static bool tell(const struct client *clients, bool ended, int status)
{
	bool whole = true;
	for (size_t i = 0; i < CLIENTS; i++) {
		(void)printf("client %zu: %s, %zu bytes came, %.12s\n", i,
			     clients[i].asked ? "asked" : "half asked", clients[i].got,
			     clients[i].got > 0 ? clients[i].answer : "-");
		whole = whole && is_whole(&clients[i]);
	}
	size_t orphans = 0;
	while (waitpid(-1, NULL, WNOHANG) > 0) /* those who had died already */
		orphans++;
	bool alive = waitpid(-1, NULL, WNOHANG) == 0;
	bool good = law("it ends", ended);
	good = law("status 0", ended && WIFEXITED(status) && WEXITSTATUS(status) == 0) && good;
	good = law("answers are whole", whole) && good;
	return law("no child is left", orphans == 0 && !alive) && good;
}

int main(int argc, char **argv)
{
	static struct client clients[CLIENTS];
	if (argc != 3) {
		(void)fprintf(stderr, "usage: drive SERVER SEED\n");
		return 2;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
		give_up("cannot adopt what the server leaves");
	uint64_t seed = strtoull(argv[2], NULL, 0);
	struct sockaddr_in at;
	int listener = listen_here(&at);
	pid_t server = start_server(argv[1], listener);
	size_t before = (size_t)draw(&seed, CLIENTS + 1); /* clients before the signal */
	for (size_t i = 0; i < CLIENTS; i++) {
		if (i == before) {
			uint64_t rounds = draw(&seed, SPIN_MAX);
			(void)printf("SIGTERM after %zu clients and %" PRIu64 " rounds\n", i,
				     rounds);
			spin(rounds);
			(void)kill(server, SIGTERM);
		}
		client_connect(&clients[i], &at);
		spin(draw(&seed, SPIN_MAX / 8));
		client_ask(&clients[i], &seed);
	}
	if (before == CLIENTS) {
		spin(draw(&seed, SPIN_MAX));
		(void)printf("SIGTERM after all clients\n");
		(void)kill(server, SIGTERM);
	}
	uint64_t begin_ms = now_ms();
	int status = 0;
	bool ended = serve_until(clients, server, begin_ms + DRAIN_MS + SLACK_MS, &status);
	(void)printf("after %" PRIu64 " ms: status %d\n", now_ms() - begin_ms, ended ? status : -1);
	for (size_t i = 0; i < CLIENTS; i++)
		while (!clients[i].closed &&
		       poll(&(struct pollfd){ .fd = clients[i].fd, .events = POLLIN }, 1, 0) == 1)
			client_read(&clients[i]);
	bool good = tell(clients, ended, status);
	(void)kill(-server, SIGKILL);
	(void)printf("witness: %s\n", good ? "nothing seen" : "BROKEN");
	return 0;
}
