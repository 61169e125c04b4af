/* sandbox/pass.h - messages with descriptors over a Unix SOCK_SEQPACKET. Source: unix(7), cmsg(3).
 * [MT-Safe] */
#ifndef GRADER_PASS_H
#define GRADER_PASS_H
#include <stddef.h>
#include <sys/types.h>

enum { PASS_FDS_MAX = 16 };

/* Sends one message; the descriptors are borrowed. 0 or errno (EPIPE when nobody listens; no
 * SIGPIPE). */
int pass_send(int socket, const void *data, size_t bytes, const int *fds, size_t fd_count);

/* What came along with a message. */
struct passed {
	int fds[PASS_FDS_MAX]; /* close-on-exec, returned to the caller */
	size_t fd_count;
	pid_t sender; /* as we see it, if the socket has SO_PASSCRED; else -1 */
};

/* Receives one; flags as in recvmsg. Bytes, 0 at the end, or -errno. */
ssize_t pass_receive(int socket, void *data, size_t bytes, struct passed *passed, int flags);

#endif
