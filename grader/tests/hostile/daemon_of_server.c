/* A correct server that leaves a daemon behind, forked twice and deaf.
 *
 * Row: R7
 * Base: reference, server
 * By: PID namespace: ends with init; every task of it is counted
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	(void)cfg;
	pid_t child = fork();
	if (child == 0) {
		(void)setsid();
		for (int signo = 1; signo < 32; signo++)
			(void)signal(signo, SIG_IGN);
		if (fork() == 0)
			for (;;)
				(void)pause();
		_exit(0);
	}
	(void)waitpid(child, NULL, 0);
}
