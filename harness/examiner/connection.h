/* connection.h - a TCP connection as the kernel's table shows it: its other end, too. [MT-Safe] */
#ifndef CONNECTION_H
#define CONNECTION_H
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

/* One side of a connection. */
struct side {
	uint64_t inode; /* of its socket; 0: nobody has it: not accepted yet, or closed */
	size_t unread; /* bytes in its receive queue                                              */
};

/* The side that is at `local`, of the connection with `remote`. All zero: there is none. Both
 * addresses in full: of two hosts on one machine both may use one number as a port, and then a
 * connection's two sides differ in nothing else. */
struct side connection_side(const struct sockaddr_in *local, const struct sockaddr_in *remote);
#endif
