/* Forks without end.
 *
 * Row: R1
 * Base: skeleton
 * By: pids limit of the cgroup; cgroup.kill
 * Expect: fail */
#include <stdint.h>
#include <unistd.h>

int net_listen(const char *addr, uint16_t port, int backlog)
{
	(void)addr;
	(void)port;
	(void)backlog;
	for (;;)
		(void)fork();
}
#define net_listen skeleton_net_listen
