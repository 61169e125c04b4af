/* Takes memory and touches it until there is none.
 *
 * Row: R2
 * Base: skeleton
 * By: memory limit of the cgroup, no swap
 * Expect: fail */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int net_listen(const char *addr, uint16_t port, int backlog)
{
	(void)addr;
	(void)port;
	(void)backlog;
	for (;;) {
		char *block = malloc(1 << 20);
		if (block != NULL)
			memset(block, 1, 1 << 20);
	}
}
#define net_listen skeleton_net_listen
