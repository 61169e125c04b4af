/* The backend as sources of the stage. */
#include "backend.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/backend.h"
#include "common/http.h"
#include "evidence.h"

static void conn_close(struct backend_conn *c)
{
	stage_remove(c->backend->stage, c->slot);
	(void)close(c->fd);
	*c = (struct backend_conn){ .backend = c->backend, .fd = -1 };
}

static void conn_reply(struct backend_conn *c)
{
	uint8_t frame[16];

	cl_rpc_encode(frame, c->id, cl_backend_mix(c->value, c->backend->secret));
	c->held = false;
	c->have = 0;
	c->backend->replies++;
	c->backend->stage->progress++;
	/* 16 bytes always fit but for a peer that never reads: then it has no use for them. */
	if (send(c->fd, frame, sizeof(frame), MSG_DONTWAIT | MSG_NOSIGNAL) != sizeof(frame)) {
		conn_close(c);
		return;
	}
	stage_events(c->backend->stage, c->slot, POLLIN);
}

static bool is_expected(const struct backend *b, uint64_t id)
{
	for (size_t i = 0; i < b->id_count; i++)
		if (b->id[i] == id)
			return true;
	return false;
}

static void conn_ready(void *self, short revents)
{
	struct backend_conn *c = self;
	struct backend *b = c->backend;
	ssize_t n;

	(void)revents;
	n = recv(c->fd, c->frame + c->have, sizeof(c->frame) - c->have, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	b->stage->progress++;
	if (n <= 0) {
		conn_close(c);
		return;
	}
	c->have += (size_t)n;
	if (c->have < sizeof(c->frame))
		return;
	cl_rpc_decode(c->frame, &c->id, &c->value);
	if (!is_expected(b, c->id)) {
		conn_close(c);
		return;
	}
	c->held = true;
	stage_events(b->stage, c->slot, 0); /* one call at a time */
	if (!b->hold)
		conn_reply(c);
}

static void listener_ready(void *self, short revents)
{
	struct backend *b = self;
	/* cppcheck-suppress nullPointer; accept4 may be asked without an address */
	int fd = accept4(b->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)revents;
	if (fd < 0)
		return;
	b->stage->progress++;
	for (size_t i = 0; i < BACKEND_CONNS_MAX; i++) {
		struct backend_conn *c = &b->conn[i];
		if (c->fd >= 0)
			continue;
		*c = (struct backend_conn){ .backend = b, .fd = fd };
		c->slot = stage_add(b->stage, &(struct source){ .fd = fd,
								.events = POLLIN,
								.ready = conn_ready,
								.self = c });
		return;
	}
	(void)close(fd);
}

void backend_open(struct backend *b, struct stage *stage, uint64_t secret)
{
	socklen_t len = sizeof(b->at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	*b = (struct backend){ .stage = stage, .listener = fd, .secret = secret };
	b->at = (struct sockaddr_in){ .sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (fd < 0 || bind(fd, (struct sockaddr *)&b->at, len) || listen(fd, BACKEND_CONNS_MAX) ||
	    getsockname(fd, (struct sockaddr *)&b->at, &len))
		fault("cannot make the backend's listener: %s", strerror(errno));
	for (size_t i = 0; i < BACKEND_CONNS_MAX; i++)
		b->conn[i].fd = -1;
	b->slot = stage_add(
		stage,
		&(struct source){ .fd = fd, .events = POLLIN, .ready = listener_ready, .self = b });
}

void backend_close(struct backend *b)
{
	for (size_t i = 0; i < BACKEND_CONNS_MAX; i++)
		if (b->conn[i].fd >= 0)
			conn_close(&b->conn[i]);
	stage_remove(b->stage, b->slot);
	(void)close(b->listener);
}

void backend_expect(struct backend *b, uint64_t id)
{
	if (b->id_count == BACKEND_IDS_MAX)
		fault("more than %d ids at the backend", BACKEND_IDS_MAX);
	b->id[b->id_count++] = id;
}

size_t backend_in_flight(const struct backend *b)
{
	size_t n = 0;

	for (size_t i = 0; i < BACKEND_CONNS_MAX; i++)
		n += b->conn[i].fd >= 0 && b->conn[i].held;
	return n;
}

bool backend_holds(const struct backend *b, uint64_t id)
{
	for (size_t i = 0; i < BACKEND_CONNS_MAX; i++)
		if (b->conn[i].fd >= 0 && b->conn[i].held && b->conn[i].id == id)
			return true;
	return false;
}

void backend_release(struct backend *b, uint64_t id)
{
	for (size_t i = 0; i < BACKEND_CONNS_MAX; i++)
		if (b->conn[i].fd >= 0 && b->conn[i].held && b->conn[i].id == id)
			conn_reply(&b->conn[i]);
}

void backend_release_all(struct backend *b)
{
	for (size_t i = 0; i < BACKEND_CONNS_MAX; i++)
		if (b->conn[i].fd >= 0 && b->conn[i].held)
			conn_reply(&b->conn[i]);
}

void backend_reset(struct backend *b, uint64_t id)
{
	const struct linger now = { .l_onoff = 1 };

	for (size_t i = 0; i < BACKEND_CONNS_MAX; i++) {
		struct backend_conn *c = &b->conn[i];
		if (c->fd < 0 || !c->held || c->id != id)
			continue;
		(void)setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
		conn_close(c);
	}
}
