/* Who is at the two ends of a connection, and ioctl. The server stands at port 8080 of the
 * loopback; a client has the number that accept told as its port; a pair has no names.
 *
 * Source: getsockname(2), getpeername(2), unix(7), FIONBIO and FIONREAD of ioctl(2). */
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "runtime/files.h"
#include "runtime/finding.h"
#include "runtime/libc.h"

enum { SERVER_PORT = 8080 };

static int refuse(int error)
{
	errno = error;
	return -1;
}

int address_tell(const struct sockaddr_in *what, struct sockaddr *at, socklen_t *len, uint32_t pc)
{
	const socklen_t bytes = what->sin_family == AF_INET ? sizeof(*what)
							    : sizeof(what->sin_family);

	libc_reads(len, sizeof(*len), pc);
	if (*len > INT32_MAX)
		return refuse(EINVAL);
	const size_t n = *len < bytes ? *len : bytes;
	libc_writes(at, n, pc);
	memcpy(at, what, n);
	libc_writes(len, sizeof(*len), pc);
	*len = bytes;
	return 0;
}

static struct file *socket_or_listener(int fd, uint32_t pc)
{
	if (!self) {
		errno = EBADF;
		return NULL;
	}
	file_point(pc);
	struct file *f = file_of(fd);
	if (f && f->kind != FILE_SOCKET && f->kind != FILE_LISTENER) {
		errno = ENOTSOCK;
		return NULL;
	}
	return f;
}

/* The number of the client that was accepted here, from 1; 0: the socket is one of a pair. */
static uint16_t client_at(const struct file *f)
{
	for (unsigned i = 0; i < rt->files.accepted; i++)
		if (rt->files.client[i].to_server == f->in)
			return (uint16_t)(i + 1);
	return 0;
}

int rt_getsockname(int fd, struct sockaddr *at, socklen_t *len);
int rt_getsockname(int fd, struct sockaddr *at, socklen_t *len)
{
	static const struct sockaddr_in nameless = { .sin_family = AF_UNIX };
	const struct sockaddr_in server = { .sin_family = AF_INET,
					    .sin_port = htons(SERVER_PORT),
					    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const struct file *f = socket_or_listener(fd, PC());

	if (!f)
		return -1;
	return address_tell(f->kind == FILE_LISTENER || client_at(f) ? &server : &nameless, at, len,
			    PC());
}

int rt_getpeername(int fd, struct sockaddr *at, socklen_t *len);
int rt_getpeername(int fd, struct sockaddr *at, socklen_t *len)
{
	const struct file *f = socket_or_listener(fd, PC());

	if (!f)
		return -1;
	if (f->kind == FILE_LISTENER)
		return refuse(ENOTCONN);
	const uint16_t client = client_at(f);
	const struct sockaddr_in peer = { .sin_family = client ? AF_INET : AF_UNIX,
					  .sin_port = htons(client) };
	return address_tell(&peer, at, len, PC());
}

int rt_ioctl(int fd, unsigned long how, ...);
int rt_ioctl(int fd, unsigned long how, ...)
{
	uint32_t pc = PC();
	va_list more;

	va_start(more, how);
	int *value = va_arg(more, int *);
	va_end(more);
	if (!self)
		return refuse(EBADF);
	file_point(pc);
	struct file *f = file_of(fd);
	if (!f)
		return -1;
	switch (how) {
	case FIONBIO:
		libc_reads(value, sizeof(*value), pc);
		f->nonblocking = *value;
		return 0;
	case FIONREAD:
		if (f->in == NO_STREAM)
			return refuse(f->kind == FILE_LISTENER ? EINVAL : ENOTTY);
		libc_writes(value, sizeof(*value), pc);
		*value = (int)rt->files.stream[f->in].count;
		return 0;
	case FIOCLEX:
	case FIONCLEX:
		f->cloexec = how == FIOCLEX;
		return 0;
	default:
		finding_uncontrolled("ioctl", pc);
	}
}
