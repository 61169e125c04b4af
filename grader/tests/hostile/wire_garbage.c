/* Answers the tester itself, in its own format, with lengths and numbers that lie.
 *
 * Row: V13
 * Base: skeleton, net
 * By: packets are whole, of one form, and refused otherwise
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <string.h>
#include <sys/socket.h>

struct head {
	uint32_t magic;
	uint16_t kind, op;
	uint32_t seq, data_len;
	int64_t arg[6];
};

static void attack(const struct cl_server_config *cfg)
{
	static char packet[65600];
	(void)cfg;
	for (uint32_t i = 0; i < 600; i++) {
		struct head head = { .magic = i % 7 ? 0x31574c43u : i,
				     .kind = (uint16_t)(i % 6),
				     .op = (uint16_t)(i % 40),
				     .seq = i / 4,
				     .data_len = i % 3 ? 0xfffffff0u + i : 65536 };
		memcpy(packet, &head, sizeof head);
		for (int fd = 3; fd < 8; fd++)
			(void)send(fd, packet, i % 5 ? sizeof head : sizeof packet,
				   MSG_NOSIGNAL | MSG_DONTWAIT);
	}
}
