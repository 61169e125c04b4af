/* Messages with descriptors. */
#include "sandbox/pass.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

int pass_send(int socket, const void *data, size_t bytes, const int *fds, size_t fd_count)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int) * PASS_FDS_MAX)];
		struct cmsghdr rights;
	} room = { .bytes = { 0 } };
	struct iovec part = { .iov_base = (void *)(size_t)data,
			      .iov_len = bytes }; // NOLINT(performance-no-int-to-ptr)
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	if (fd_count > PASS_FDS_MAX)
		return EMFILE;
	if (fd_count > 0) {
		room.rights.cmsg_level = SOL_SOCKET;
		room.rights.cmsg_type = SCM_RIGHTS;
		room.rights.cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
		memcpy(CMSG_DATA(&room.rights), fds, sizeof(int) * fd_count);
		message.msg_control = room.bytes;
		message.msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? errno : 0;
}

ssize_t pass_receive(int socket, void *data, size_t bytes, struct passed *passed, int flags)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int) * PASS_FDS_MAX) +
			   CMSG_SPACE(sizeof(struct ucred))];
		struct cmsghdr first;
	} room;
	struct iovec part = { .iov_base = data, .iov_len = bytes };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = room.bytes,
				  .msg_controllen = sizeof room };
	ssize_t count;
	do {
		count = recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC);
	} while (count < 0 && errno == EINTR);
	passed->fd_count = 0;
	passed->sender = -1;
	if (count < 0)
		return -errno;
	for (struct cmsghdr *entry = CMSG_FIRSTHDR(&message); entry != NULL;
	     entry = CMSG_NXTHDR(&message, entry)) {
		if (entry->cmsg_level != SOL_SOCKET)
			continue;
		if (entry->cmsg_type == SCM_RIGHTS) {
			passed->fd_count = (entry->cmsg_len - CMSG_LEN(0)) / sizeof(int);
			memcpy(passed->fds, CMSG_DATA(entry), passed->fd_count * sizeof(int));
		} else if (entry->cmsg_type == SCM_CREDENTIALS) {
			struct ucred who;
			memcpy(&who, CMSG_DATA(entry), sizeof who);
			passed->sender = who.pid;
		}
	}
	return count;
}
