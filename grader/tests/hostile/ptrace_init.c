/* Takes hold of its parent and of everybody else it can trace, to write the verdict for them.
 *
 * Row: R10
 * Base: skeleton, net
 * By: the filter ends the box; dumpable 0, another uid
 * Expect: sandbox-violation POL */
#include "1-fork-server/fork_server.h"

#include <sys/ptrace.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	(void)cfg;
	(void)ptrace(PTRACE_SEIZE, getppid(), NULL, NULL);
	for (pid_t pid = 1; pid < 1000; pid++)
		(void)ptrace(PTRACE_SEIZE, pid, NULL, NULL);
}
