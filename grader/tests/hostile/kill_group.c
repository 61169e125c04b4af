/* Signals its process group, its session and its parent's group.
 *
 * Row: R9
 * Base: skeleton, net
 * By: own PID namespace and session
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <signal.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	(void)cfg;
	(void)signal(SIGTERM, SIG_IGN);
	for (pid_t pid = 1; pid < 40000; pid++)
		if (pid != getpid())
			(void)killpg(pid, SIGKILL);
	(void)killpg(getpgid(getppid()), SIGKILL);
	(void)kill(0, SIGKILL);
}
