/* Leaves a daemon behind: forked twice, in a session of its own, deaf to SIGTERM.
 *
 * Row: R7
 * Base: skeleton
 * By: PID namespace: ends with init; cgroup.kill
 * Expect: fail */
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

int net_listen(const char *addr, uint16_t port, int backlog)
{
	(void)addr;
	(void)port;
	(void)backlog;
	if (fork() == 0) {
		(void)setsid();
		(void)signal(SIGTERM, SIG_IGN);
		if (fork() == 0)
			for (;;)
				pause();
		_exit(0);
	}
	return 0;
}
#define net_listen skeleton_net_listen
