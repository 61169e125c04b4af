/* Connections as the server sees them: accept, bytes in both directions, shutdown.
 *
 * Source: socket(7), tcp(7), accept(2), recv(2), send(2). */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>

#include "runtime/files.h"
#include "runtime/finding.h"
#include "runtime/libc.h"

#define NS_PER_S 1000000000u

static int refuse(int error)
{
	errno = error;
	return -1;
}

int rt_accept4(int fd, struct sockaddr *at, socklen_t *len, int flags);
int rt_accept4(int fd, struct sockaddr *at, socklen_t *len, int flags)
{
	struct files *all = &rt->files;
	uint32_t pc = PC();

	if (!self)
		return refuse(EBADF);
	file_point(pc);
	struct file *f = file_of(fd);
	if (!f)
		return -1;
	if (f->kind != FILE_LISTENER)
		return refuse(EINVAL);
	if (at)
		libc_reads(len, sizeof(*len), pc);
	if (at && *len > INT32_MAX)
		return refuse(EINVAL);
	while (all->accepted == all->clients) {
		if (f->nonblocking)
			return refuse(EAGAIN);
		(void)file_wait(fd, POLLIN, NO_DEADLINE);
	}
	int got = file_new(FILE_SOCKET, flags & SOCK_NONBLOCK, flags & SOCK_CLOEXEC);
	if (got < 0)
		return -1;
	struct outside *c = &all->client[all->accepted++];
	all->file[got].in = c->to_server;
	all->file[got].out = c->to_client;
	const struct sockaddr_in from = { .sin_family = AF_INET,
					  .sin_port = htons((uint16_t)all->accepted) };
	if (at)
		(void)address_tell(&from, at, len, pc);
	files_changed();
	return got;
}

int rt_accept(int fd, struct sockaddr *at, socklen_t *len);
int rt_accept(int fd, struct sockaddr *at, socklen_t *len)
{
	return rt_accept4(fd, at, len, 0);
}

ssize_t file_receive(struct file *f, int fd, void *to, size_t n, int flags, uint32_t pc)
{
	if (f->in == NO_STREAM)
		return refuse(EBADF);
	struct stream *s = &rt->files.stream[f->in];
	const uint64_t deadline = f->patience_ns ? rt->clock_ns + f->patience_ns : NO_DEADLINE;
	while (!s->count && !s->no_writer) {
		if (f->nonblocking || (flags & MSG_DONTWAIT))
			return refuse(EAGAIN);
		if (!file_wait(fd, POLLIN, deadline))
			return refuse(EAGAIN);
		if (f->kind == FILE_NONE)
			return refuse(EBADF); /* closed meanwhile by another */
	}
	libc_writes(to, n < s->count ? n : s->count, pc);
	size_t got = flags & MSG_PEEK ? 0 : stream_take(s, to, n);
	if (flags & MSG_PEEK) {
		struct stream copy = *s;
		got = stream_take(&copy, to, n);
	}
	clock_join(&self->clock, &s->clock);
	files_changed();
	return (ssize_t)got;
}

ssize_t file_transmit(struct file *f, int fd, const void *from, size_t n, int flags, uint32_t pc)
{
	size_t done = 0;

	if (f->out == NO_STREAM)
		return refuse(EBADF);
	struct stream *s = &rt->files.stream[f->out];
	libc_reads(from, n, pc);
	do {
		if (s->no_reader || s->no_writer)
			return refuse(EPIPE);
		done += stream_put(s, (const char *)from + done, n - done);
		clock_release(&s->clock, self);
		files_changed();
		if (done == n || f->nonblocking || (flags & MSG_DONTWAIT))
			break;
		(void)file_wait(fd, POLLOUT, NO_DEADLINE);
		if (f->kind == FILE_NONE)
			return refuse(EBADF);
	} while (done < n);
	return done || !n ? (ssize_t)done : refuse(EAGAIN);
}

static struct file *socket_of(int fd, uint32_t pc)
{
	if (!self) {
		errno = EBADF;
		return NULL;
	}
	file_point(pc);
	struct file *f = file_of(fd);
	if (f && f->kind != FILE_SOCKET) {
		errno = ENOTSOCK;
		return NULL;
	}
	return f;
}

ssize_t rt_recv(int fd, void *to, size_t n, int flags);
ssize_t rt_recv(int fd, void *to, size_t n, int flags)
{
	struct file *f = socket_of(fd, PC());

	return f ? file_receive(f, fd, to, n, flags, PC()) : -1;
}

ssize_t rt_recvfrom(int fd, void *to, size_t n, int flags, struct sockaddr *at, socklen_t *len);
ssize_t rt_recvfrom(int fd, void *to, size_t n, int flags, struct sockaddr *at, socklen_t *len)
{
	struct file *f = socket_of(fd, PC());

	(void)at;
	if (len)
		*len = 0;
	return f ? file_receive(f, fd, to, n, flags, PC()) : -1;
}

ssize_t rt_send(int fd, const void *from, size_t n, int flags);
ssize_t rt_send(int fd, const void *from, size_t n, int flags)
{
	struct file *f = socket_of(fd, PC());

	return f ? file_transmit(f, fd, from, n, flags, PC()) : -1;
}

ssize_t rt_sendto(int fd, const void *from, size_t n, int flags, const struct sockaddr *to,
		  socklen_t len);
ssize_t rt_sendto(int fd, const void *from, size_t n, int flags, const struct sockaddr *to,
		  socklen_t len)
{
	struct file *f = socket_of(fd, PC());

	(void)to, (void)len;
	return f ? file_transmit(f, fd, from, n, flags, PC()) : -1;
}

/* Part by part; stops where one is short. */
static ssize_t vector(int fd, const struct iovec *v, int count, int flags, bool in, uint32_t pc)
{
	ssize_t done = 0;

	if (!self)
		return refuse(EBADF);
	file_point(pc);
	libc_reads(v, (size_t)count * sizeof(*v), pc);
	for (int i = 0; i < count; i++) {
		struct file *f = file_of(fd);
		int how = in && done ? flags | MSG_DONTWAIT : flags;
		if (!f)
			return -1;
		if (!v[i].iov_len)
			continue;
		ssize_t n = in ? file_receive(f, fd, v[i].iov_base, v[i].iov_len, how, pc)
			       : file_transmit(f, fd, v[i].iov_base, v[i].iov_len, how, pc);
		if (n < 0)
			return done ? done : -1;
		done += n;
		if ((size_t)n < v[i].iov_len)
			break;
	}
	return done;
}

ssize_t rt_readv(int fd, const struct iovec *v, int count);
ssize_t rt_readv(int fd, const struct iovec *v, int count)
{
	return vector(fd, v, count, 0, true, PC());
}

ssize_t rt_writev(int fd, const struct iovec *v, int count);
ssize_t rt_writev(int fd, const struct iovec *v, int count)
{
	return vector(fd, v, count, 0, false, PC());
}

ssize_t rt_recvmsg(int fd, struct msghdr *m, int flags);
ssize_t rt_recvmsg(int fd, struct msghdr *m, int flags)
{
	m->msg_flags = 0;
	m->msg_controllen = 0;
	return vector(fd, m->msg_iov, (int)m->msg_iovlen, flags, true, PC());
}

ssize_t rt_sendmsg(int fd, const struct msghdr *m, int flags);
ssize_t rt_sendmsg(int fd, const struct msghdr *m, int flags)
{
	return vector(fd, m->msg_iov, (int)m->msg_iovlen, flags, false, PC());
}

int rt_shutdown(int fd, int how);
int rt_shutdown(int fd, int how)
{
	struct file *f = socket_of(fd, PC());

	if (!f)
		return -1;
	if (how != SHUT_RD)
		rt->files.stream[f->out].no_writer = true;
	if (how != SHUT_WR)
		rt->files.stream[f->in].no_writer = true;
	clock_release(&rt->files.stream[f->in].clock, self);
	files_changed();
	return 0;
}

int rt_setsockopt(int fd, int level, int name, const void *value, socklen_t len);
int rt_setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	uint32_t pc = PC();
	struct timeval t;

	if (!self)
		return refuse(EBADF);
	libc_reads(value, len, pc);
	struct file *f = file_of(fd);
	if (!f)
		return -1;
	if (level == SOL_SOCKET && name == SO_RCVTIMEO && len >= sizeof(t)) {
		memcpy(&t, value, sizeof(t));
		f->patience_ns = (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_usec * 1000;
	}
	return 0;
}

int rt_getsockopt(int fd, int level, int name, void *value, socklen_t *len);
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is the library's */
int rt_getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
	(void)level, (void)name;
	if (!self || !file_of(fd))
		return refuse(EBADF);
	libc_writes(value, *len, PC());
	memset(value, 0, *len);
	return 0;
}
