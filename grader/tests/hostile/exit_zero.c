/* Ends with the status of success as soon as it is called.
 *
 * Row: V5
 * Base: skeleton
 * By: an exit status proves nothing: the answers are missing
 * Expect: fail */
#include <stdint.h>
#include <unistd.h>

int net_listen(const char *addr, uint16_t port, int backlog)
{
	(void)addr;
	(void)port;
	(void)backlog;
	_exit(0);
}
#define net_listen skeleton_net_listen
