/* Computes for ever.
 *
 * Row: R6
 * Base: skeleton
 * By: CPU limit of the box
 * Expect: fail */
#include <stdint.h>

int net_listen(const char *addr, uint16_t port, int backlog)
{
	(void)addr;
	(void)port;
	(void)backlog;
	for (volatile unsigned long i = 0;; i++)
		;
}
#define net_listen skeleton_net_listen
