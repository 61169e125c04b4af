/* net.c - part A: listen, read all, write all.
 * What each function owes is said in fork_server.h; what its tests look at, by `make hint`. */
#include "1-fork-server/fork_server.h"

#include <errno.h>

int net_listen(const char *addr, uint16_t port, int backlog)
{
	/* TODO(step 1): text to address (IPv4, then IPv6), socket, SO_REUSEADDR, bind, listen.
	 * Which of these can fail, and what is open at that moment? */
	(void)addr;
	(void)port;
	(void)backlog;
	return -ENOSYS;
}

ssize_t net_read_full(int fd, void *buf, size_t len)
{
	/* TODO(step 1): read() may bring less than you asked for. When is that the end, when not?
	 */
	(void)fd;
	(void)buf;
	(void)len;
	return -ENOSYS;
}

int net_write_full(int fd, const void *buf, size_t len)
{
	/* TODO(step 1): the same for writing; and what happens if nobody reads any more? */
	(void)fd;
	(void)buf;
	(void)len;
	return ENOSYS;
}
