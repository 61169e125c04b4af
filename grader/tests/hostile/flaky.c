/* Reads correctly with probability one half, drawn at every call.
 *
 * Row: V12
 * Base: reference
 * By: many cases in each test, all must hold
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <sys/random.h>

ssize_t honest_read_full(int fd, void *buf, size_t len);
ssize_t net_read_full(int fd, void *buf, size_t len)
{
	unsigned char coin = 0;
	(void)getrandom(&coin, 1, 0);
	return honest_read_full(fd, buf, coin % 2 && len > 1 ? len - 1 : len);
}
#define net_read_full honest_read_full
