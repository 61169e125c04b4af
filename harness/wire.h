/* wire.h - what the examiner and the player say to each other; the one header both sides include.
 *
 * A wire is a SOCK_SEQPACKET pair of Unix sockets made by the examiner. The examiner CALLs an
 * operation, the player RETURNs its raw result; in between the player may ASK (a callback of the
 * submission ran) and gets one ANSWER. One message is one packet: the fixed head, at most 64 KiB of
 * data, at most four descriptors. Neither side believes the other: a message that is not exactly of
 * this form is refused as a whole, with EPROTO.
 *
 * Messages travel by sendmmsg and recvmmsg, one at a time: the tracer cuts and fails the
 * submission's read and write calls by name, and the player's own must not be among them.
 * Source: unix(7), cmsg(3). All functions are [MT-Safe] for different wires. */
#ifndef WIRE_H
#define WIRE_H
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum wire_kind {
	WIRE_CALL = 1, /* examiner to player: do this                                    */
	WIRE_RETURN,   /* player to examiner: done, here is the result; same op and seq  */
	WIRE_ASK,      /* player to examiner: a callback needs a value; seq of the CALL  */
	WIRE_ANSWER,   /* examiner to player: the value; same op and seq as the ASK      */
};

/* Operations of every player; those of a lab's binding start at WIRE_OP_LAB. Each RETURNs arg[0].
 */
enum wire_op {
	WIRE_OP_FORK = 1, /* one descriptor, the child's own wire: forks; 0 or -errno        */
	WIRE_OP_THREAD,   /* one descriptor, the thread's own wire: starts it; 0 or -errno   */
	WIRE_OP_TAKE,     /* one descriptor, to keep: returns its number                     */
	WIRE_OP_CLOSE,    /* arg[0] = descriptor: closes it; 0 or -errno                     */
	WIRE_OP_CLOCK,    /* arg[0] = time in us that the submission sees from now on; 0     */
	WIRE_OP_REAP,     /* waits for one child of this process; 0 or -errno                */
	WIRE_OP_EXIT,     /* leaves at once; no RETURN                                       */
	WIRE_OP_PLANT,    /* one descriptor, a socket: serves one plant_order; no RETURN     */
	WIRE_OP_EXPLORE,  /* arg[0] first slot, arg[1] how many: plays them (explore.h); the first
			     time with one descriptor, the explore_area. 0 or -errno; arg[1] =
			     slots played: it stops after one that ends as finding       */
	WIRE_OP_LAB = 16,
};

#define WIRE_MAGIC    0x31574c43u /* "CLW1" */
#define WIRE_ARGS     6u
#define WIRE_DATA_MAX 65536u
#define WIRE_FDS_MAX  4u

struct wire_head {
	uint32_t magic;
	uint16_t kind, op;
	uint32_t seq;      /* of the CALL that all this belongs to                          */
	uint32_t data_len; /* bytes after the head                                          */
	int64_t arg[WIRE_ARGS];
};
static_assert(sizeof(struct wire_head) == 64, "the head has no padding");

struct wire_message {
	struct wire_head head;
	uint8_t data[WIRE_DATA_MAX];
	int fds[WIRE_FDS_MAX]; /* returned: the receiver closes them                          */
	unsigned fd_count;
};

/* What a control buffer must hold; a union, because cmsg(3) asks for its alignment. */
union wire_control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(WIRE_FDS_MAX * sizeof(int))];
};

/* Sends one message; data and descriptors are borrowed. 0 or errno (EPIPE: the peer has gone). */
static inline int wire_send(int wire, const struct wire_head *head, const void *data,
			    const int *fds, unsigned fd_count)
{
	struct wire_head copy = *head;
	union wire_control control = { 0 };
	struct iovec part[2] = { { .iov_base = &copy, .iov_len = sizeof(copy) } };
	struct mmsghdr m = { .msg_hdr = { .msg_iov = part, .msg_iovlen = 2 } };

	if (copy.data_len > WIRE_DATA_MAX || fd_count > WIRE_FDS_MAX)
		return EMSGSIZE;
	copy.magic = WIRE_MAGIC;
	part[1].iov_len = copy.data_len;
	memcpy(&part[1].iov_base, &data, sizeof(data)); /* iovec knows no const */
	if (fd_count) {
		m.msg_hdr.msg_control = control.bytes;
		m.msg_hdr.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
		struct cmsghdr *c = &control.align; /* the first one, at the start of the room */
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
		memcpy(CMSG_DATA(c), fds, fd_count * sizeof(int));
	}
	while (sendmmsg(wire, &m, 1, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return errno;
	return 0;
}

/* Moves the descriptors that came along into *m. */
static inline void wire_take_fds(struct wire_message *m, struct msghdr *from)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(from); c; c = CMSG_NXTHDR(from, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count && m->fd_count < WIRE_FDS_MAX; i++)
			memcpy(&m->fds[m->fd_count++], CMSG_DATA(c) + i * sizeof(int), sizeof(int));
	}
}

/* Closes the descriptors of a message that nobody wants. */
static inline void wire_drop_fds(struct wire_message *m)
{
	while (m->fd_count)
		(void)close(m->fds[--m->fd_count]);
}

/* Receives one message into *m; flags: 0 or MSG_DONTWAIT. 0 or errno: EPIPE the peer has gone,
 * EAGAIN nothing there, EPROTO the message is malformed (and was thrown away). */
static inline int wire_receive(int wire, struct wire_message *m, int flags)
{
	union wire_control control = { 0 };
	struct iovec part[2] = {
		{ .iov_base = &m->head, .iov_len = sizeof(m->head) },
		{ .iov_base = m->data, .iov_len = sizeof(m->data) },
	};
	struct mmsghdr got = { .msg_hdr = { .msg_iov = part,
					    .msg_iovlen = 2,
					    .msg_control = control.bytes,
					    .msg_controllen = sizeof(control.bytes) } };

	m->fd_count = 0;
	while (recvmmsg(wire, &got, 1, flags | MSG_CMSG_CLOEXEC, NULL) < 0)
		if (errno != EINTR)
			return errno == ECONNRESET ? EPIPE : errno;
	if (got.msg_len == 0)
		return EPIPE;
	wire_take_fds(m, &got.msg_hdr);
	if (got.msg_len < sizeof(m->head) || (got.msg_hdr.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) ||
	    m->head.magic != WIRE_MAGIC || m->head.kind < WIRE_CALL || m->head.kind > WIRE_ANSWER ||
	    m->head.op == 0 || m->head.data_len != got.msg_len - sizeof(m->head)) {
		wire_drop_fds(m);
		return EPROTO;
	}
	return 0;
}
#endif
