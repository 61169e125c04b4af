/* Client connections over the stage. */
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "evidence.h"

#define CHUNK       65536u
#define IN_MAX      (8u << 20)  /* more than any honest answer that a test collects */
#define CLIENT_HOST "127.0.0.2" /* a subject that fills its own ports does not starve us */

static void watch(struct client *c)
{
	bool full = c->in_max && c->in_len >= c->in_max;
	short events = 0;

	if (c->fd < 0)
		return;
	if (!client_ended(c) && !full)
		events |= POLLIN;
	if (!c->error && (c->connecting || c->out_len))
		events |= POLLOUT;
	stage_events(c->stage, c->slot, events);
}

static void grow(uint8_t **buffer, size_t *cap, size_t need)
{
	size_t wanted = *cap ? *cap : CHUNK;

	while (wanted < need)
		wanted *= 2;
	if (wanted == *cap)
		return;
	*buffer = realloc(*buffer, wanted);
	if (!*buffer)
		fault("no memory for a client");
	*cap = wanted;
}

static void fill(struct client *c)
{
	size_t room = !c->in_max ? CHUNK : c->in_max > c->in_len ? c->in_max - c->in_len : 0;

	if (!room)
		return;
	if (c->in_len > IN_MAX) {
		c->error = EMSGSIZE; /* nobody asked for so much: as good as garbage */
		return;
	}
	grow(&c->in, &c->in_cap, c->in_len + room);
	ssize_t n = recv(c->fd, c->in + c->in_len, room, MSG_DONTWAIT);
	if (n > 0)
		c->in_len += (size_t)n;
	else if (n == 0)
		c->eof = true;
	else if (errno != EAGAIN && errno != EINTR)
		c->error = errno;
	else
		return;
	c->stage->progress++;
}

static void flush(struct client *c)
{
	size_t done = 0;

	while (done < c->out_len) {
		ssize_t n = send(c->fd, c->out + done, c->out_len - done,
				 MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0) {
			/* What the peer said before it closed is still to be read. */
			done = c->out_len;
			break;
		}
		done += (size_t)n;
		c->sent += (uint64_t)n;
		c->stage->progress++;
	}
	c->out_len -= done;
	memmove(c->out, c->out + done, c->out_len);
}

static void ready(void *self, short revents)
{
	struct client *c = self;

	if (c->connecting && (revents & (POLLOUT | POLLERR | POLLHUP))) {
		socklen_t len = sizeof(c->error);
		c->connecting = false;
		(void)getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &c->error, &len);
		c->stage->progress++;
	}
	if (!c->error && !c->connecting && c->out_len)
		flush(c);
	if (!c->error && (revents & (POLLIN | POLLHUP | POLLERR)))
		fill(c);
	watch(c);
}

void client_adopt(struct client *c, struct stage *stage, int fd)
{
	*c = (struct client){ .stage = stage, .fd = fd };
	c->slot = stage_add(stage, &(struct source){ .fd = fd, .ready = ready, .self = c });
	watch(c);
}

void client_open(struct client *c, struct stage *stage, const struct sockaddr_in *to)
{
	struct sockaddr_in from = { .sin_family = AF_INET };
	socklen_t len = sizeof(from);
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	(void)inet_pton(AF_INET, CLIENT_HOST, &from.sin_addr);
	if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&from, sizeof(from)) ||
	    getsockname(fd, (struct sockaddr *)&from, &len))
		fault("cannot make a client's socket: %s", strerror(errno));
	int error = connect(fd, (const struct sockaddr *)to, sizeof(*to)) ? errno : 0;
	client_adopt(c, stage, fd);
	c->at = from;
	c->connecting = error == EINPROGRESS;
	c->error = c->connecting ? 0 : error;
	watch(c);
}

void client_close(struct client *c)
{
	if (c->fd >= 0 && c->stage) {
		stage_remove(c->stage, c->slot);
		(void)close(c->fd);
	}
	free(c->in);
	free(c->out);
	*c = (struct client){ .stage = c->stage, .fd = -1, .eof = true, .at = c->at };
}

void client_send(struct client *c, const void *bytes, size_t len)
{
	if (c->fd < 0 || c->error)
		return;
	grow(&c->out, &c->out_cap, c->out_len + len);
	memcpy(c->out + c->out_len, bytes, len);
	c->out_len += len;
	if (!c->connecting)
		flush(c);
	watch(c);
}

void client_send_text(struct client *c, const char *text)
{
	client_send(c, text, strlen(text));
}

void client_half_close(struct client *c)
{
	if (c->fd >= 0)
		(void)shutdown(c->fd, SHUT_WR); /* ENOTCONN: the peer was quicker */
}

size_t client_unsent(const struct client *c)
{
	return c->connecting ? c->out_len + 1 : c->out_len;
}

bool client_ended(const struct client *c)
{
	return c->eof || c->error;
}

bool client_consumed(const struct client *c)
{
	uint32_t memory[SK_MEMINFO_VARS] = { 0 };
	socklen_t len = sizeof(memory);

	if (client_ended(c))
		return true;
	if (c->out_len)
		return false;
	if (getsockopt(c->fd, SOL_SOCKET, SO_MEMINFO, memory, &len))
		fault("SO_MEMINFO: %s", strerror(errno));
	return memory[SK_MEMINFO_WMEM_ALLOC] == 0;
}

bool client_answered(const struct client *c, struct answer *a)
{
	int head = answer_parse(c->in, c->in_len, a);

	if (head < 0) {
		*a = (struct answer){ .body = c->in };
		return true;
	}
	return head > 0 && c->in_len - a->head_len >= a->length;
}

void client_take(struct client *c, size_t n)
{
	c->in_len -= n;
	memmove(c->in, c->in + n, c->in_len);
	watch(c);
}

void client_drop(struct client *c, const struct answer *a)
{
	client_take(c, a->head_len + a->length);
}

void client_read_ahead(struct client *c, size_t in_max)
{
	c->in_max = in_max;
	watch(c);
}
