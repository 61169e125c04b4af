/* Does through a ring what the filter denies: files, sockets of any domain, links, commands, other
 * rings.
 *
 * Row: R16
 * Base: box lab5 --out --tmp
 * By: a brokered ring with restrictions; Landlock and namespaces behind it
 * Expect: contained */
#include "attack.h"

#include <fcntl.h>
#include <sys/socket.h>

#include "uring.h"

int main(void)
{
	struct ring r;
	char text[64];
	if (ring_open(&r, 8, 0) != 0)
		return done("no ring");
	const struct {
		const char *what;
		struct io_uring_sqe entry;
	} wishes[] = {
		{ "openat",
		  { .opcode = IORING_OP_OPENAT,
		    .fd = AT_FDCWD,
		    .addr = (uintptr_t) "/proc/self/maps" } },
		{ "statx",
		  { .opcode = IORING_OP_STATX,
		    .fd = AT_FDCWD,
		    .addr = (uintptr_t) "/",
		    .off = (uintptr_t)text,
		    .len = 0 } },
		{ "a vsock", { .opcode = IORING_OP_SOCKET, .fd = AF_VSOCK, .off = SOCK_STREAM } },
		{ "a netlink socket",
		  { .opcode = IORING_OP_SOCKET, .fd = AF_NETLINK, .off = SOCK_RAW } },
		{ "a stream socket",
		  { .opcode = IORING_OP_SOCKET, .fd = AF_INET, .off = SOCK_STREAM } },
		{ "unlinkat",
		  { .opcode = IORING_OP_UNLINKAT,
		    .fd = AT_FDCWD,
		    .addr = (uintptr_t) "/tmp/none" } },
		{ "mkdirat",
		  { .opcode = IORING_OP_MKDIRAT,
		    .fd = AT_FDCWD,
		    .addr = (uintptr_t) "/tmp/made",
		    .len = 0700 } },
		{ "symlinkat",
		  { .opcode = IORING_OP_SYMLINKAT,
		    .fd = AT_FDCWD,
		    .addr = (uintptr_t) "/etc",
		    .addr2 = (uintptr_t) "/tmp/link" } },
		{ "splice", { .opcode = IORING_OP_SPLICE, .fd = 1, .splice_fd_in = 0, .len = 1 } },
		{ "a message to a ring", { .opcode = IORING_OP_MSG_RING, .fd = r.fd, .len = 1 } },
		{ "a command", { .opcode = IORING_OP_URING_CMD, .fd = 0 } },
		{ "madvise",
		  { .opcode = IORING_OP_MADVISE,
		    .addr = (uintptr_t)text & ~4095ul,
		    .len = 4096,
		    .fadvise_advice = 3 } },
	};
	for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
		int result = ring_do(&r, &wishes[i].entry);
		if (result != -EACCES && result != -EINVAL && result != -EPERM && result != -1000)
			harm("%s gave %d", wishes[i].what, result);
	}
	attempt("a personality",
		syscall(SYS_io_uring_register, r.fd, IORING_REGISTER_PERSONALITY, NULL, 0));
	attempt("new restrictions",
		syscall(SYS_io_uring_register, r.fd, IORING_REGISTER_RESTRICTIONS, text, 1));
	return done("EACCES completions");
}
