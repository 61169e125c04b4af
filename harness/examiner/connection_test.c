/* The kernel's table against sockets of our own. */
#include "connection.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

TCase *connection_test(void);

static struct sockaddr_in at(const char *host, uint16_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };

	ck_assert_int_eq(inet_pton(AF_INET, host, &a.sin_addr), 1);
	return a;
}

static struct sockaddr_in name_of(int fd)
{
	struct sockaddr_in a;
	socklen_t len = sizeof(a);

	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	return a;
}

/* A socket bound to host:port, 0: any; -1 if that port is somebody else's. */
static int bound(const char *host, uint16_t port)
{
	struct sockaddr_in a = at(host, port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	if (bind(fd, (const struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	ck_assert_int_eq(errno, EADDRINUSE);
	(void)close(fd);
	return -1;
}

static uint64_t inode_of(int fd)
{
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	return st.st_ino;
}

/* A server at 127.0.0.1 and its client at 127.0.0.2 on one and the same port: the client's own side
 * has been taken for the server's, and a connection that nobody had accepted for an accepted one.
 */
START_TEST(sides_with_one_port)
{
	int server = -1, client = -1;

	while (client < 0) { /* while somebody has that port */
		if (server >= 0)
			(void)close(server);
		server = bound("127.0.0.1", 0);
		client = bound("127.0.0.2", ntohs(name_of(server).sin_port));
	}
	ck_assert_int_eq(listen(server, 1), 0);
	const struct sockaddr_in here = name_of(server), there = name_of(client);
	ck_assert_uint_eq(connection_side(&here, &there).inode, 0);
	ck_assert_int_eq(connect(client, (const struct sockaddr *)&here, sizeof(here)), 0);
	ck_assert_int_eq(send(client, "hello", 5, 0), 5);

	struct side side = connection_side(&here, &there);
	ck_assert_uint_eq(side.inode, 0);
	ck_assert_uint_eq(side.unread, 5);
	struct sockaddr_in from;
	socklen_t length = sizeof(from);
	int accepted = accept4(server, (struct sockaddr *)&from, &length, SOCK_CLOEXEC);
	ck_assert_int_ge(accepted, 0);
	side = connection_side(&here, &there);
	ck_assert_uint_eq(side.inode, inode_of(accepted));
	ck_assert_uint_eq(side.unread, 5);
	side = connection_side(&there, &here);
	ck_assert_uint_eq(side.inode, inode_of(client));
	ck_assert_uint_eq(side.unread, 0);
	(void)close(accepted);
	(void)close(client);
	(void)close(server);
}
END_TEST

TCase *connection_test(void)
{
	TCase *tc = tcase_create("connection");

	tcase_add_test(tc, sides_with_one_port);
	return tc;
}
