/* Sends every signal to everybody it can reach.
 *
 * Row: R8
 * Base: skeleton
 * By: PID namespace; PID 1 takes no signal from inside
 * Expect: fail */
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

int net_listen(const char *addr, uint16_t port, int backlog)
{
	(void)addr;
	(void)port;
	(void)backlog;
	for (int signo = 1; signo < 65; signo++) {
		(void)kill(getppid(), signo);
		(void)kill(1, signo);
		(void)kill(0, signo == SIGKILL ? 0 : signo);
	}
	(void)kill(-1, SIGKILL);
	return 0;
}
#define net_listen skeleton_net_listen
