/* The subject as a server: what it gets, and how its connections are found again. */
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/srv_main.h"
#include "connection.h"
#include "evidence.h"

#define BACKLOG      128
#define LONG_MS      600000u
#define LONG_IDLE_MS 600000u

static int make_listener(struct server *s)
{
	socklen_t len = sizeof(s->at);
	struct stat st;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	s->at = (struct sockaddr_in){ .sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (fd < 0 || bind(fd, (struct sockaddr *)&s->at, len) || listen(fd, BACKLOG) ||
	    getsockname(fd, (struct sockaddr *)&s->at, &len) || fstat(fd, &st))
		fault("cannot make the server's listener: %s", strerror(errno));
	s->listener = st.st_ino;
	return fd;
}

static int make_config(const struct cl_server_config *config)
{
	int fd = memfd_create("config", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || write(fd, config, sizeof(*config)) != (ssize_t)sizeof(*config) ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL))
		fault("cannot make the server's configuration: %s", strerror(errno));
	return fd;
}

void server_start(struct server *s, struct stage *stage, const struct server_options *options)
{
	struct cl_server_config config = options->config;

	*s = (struct server){ .stage = stage };
	config.size = sizeof(config);
	config.queue_capacity = config.queue_capacity ? config.queue_capacity : 64;
	config.header_timeout_ms = config.header_timeout_ms ? config.header_timeout_ms : LONG_MS;
	config.idle_timeout_ms = config.idle_timeout_ms ? config.idle_timeout_ms : LONG_IDLE_MS;
	config.drain_timeout_ms = config.drain_timeout_ms ? config.drain_timeout_ms : LONG_MS;
	int gate[2] = { -1, -1 };
	if (options->gate && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, gate))
		fault("cannot make the server's gate: %s", strerror(errno));
	config.flags |= options->gate ? CL_SRV_GATES : 0;
	int fds[3] = { make_config(&config), make_listener(s), gate[1] };
	stage->traced = options->trace || options->handlers;
	s->main = runner_start(&(struct start){ .program = "srv",
						.trace = options->trace,
						.handlers = options->handlers,
						.fds = fds,
						.fd_count = options->gate ? 3 : 2 });
	/* Ours are closed: a server that has ended then refuses connections. */
	(void)close(fds[0]);
	(void)close(fds[1]);
	if (!options->gate)
		return;
	(void)close(gate[1]);
	client_adopt(options->gate, stage, gate[0]);
}

bool server_gate(const struct server *s, struct client *gate)
{
	return WAIT_UNTIL(s->stage, gate->in_len > 0 || client_ended(gate)) && gate->in_len > 0;
}

void server_pass(struct client *gate)
{
	if (gate->in_len)
		client_take(gate, 1);
	client_send(gate, "", 1);
}

/* The server's side of a connection. */
static struct side side_of(const struct server *s, const struct client *c)
{
	return connection_side(&s->at, &c->at);
}

uint64_t server_inode(const struct server *s, const struct client *c)
{
	return side_of(s, c).inode;
}

size_t server_unread(const struct server *s, const struct client *c)
{
	return client_unsent(c) + side_of(s, c).unread;
}

uint64_t server_accepted(const struct server *s, const struct client *c)
{
	uint64_t inode = 0;

	(void)WAIT_UNTIL(s->stage, (inode = server_inode(s, c)) != 0);
	return inode;
}

struct census server_census(void)
{
	static struct sample s;
	struct census c = { 0 };

	runner_sample(0, &s);
	c.ending = s.ending;
	for (size_t i = 0; i < s.task_count; i++) {
		c.zombies += s.task[i].state == 'Z';
		c.alive += s.task[i].state != 'Z';
	}
	return c;
}

bool server_has(size_t alive)
{
	struct census c = server_census();

	return c.alive == alive && c.zombies == 0;
}

bool server_ended(void)
{
	return runner_pulse().ended;
}

pid_t server_child_of(const struct server *s, uint64_t inode)
{
	static struct sample now;
	pid_t found = 0;

	runner_sample(SAMPLE_FDS, &now);
	for (size_t i = 0; i < now.fd_count; i++) {
		const struct open_fd *f = &now.fd[i];
		if (f->inode != inode || f->kind != 's' || f->pid == s->main || f->pid == found)
			continue;
		if (found)
			return 0;
		found = f->pid;
	}
	return found;
}
