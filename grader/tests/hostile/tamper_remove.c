/* A connection with an error, and a child that removes every report as soon as it is there.
 *
 * Row: V20
 * Base: reference, conn
 * By: nothing may be removed from the folder of reports; the error is planted last and alone
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	static pid_t remover;
	(void)cfg;
	if (remover == 0) {
		pid_t main = getpid();
		remover = fork();
		for (char path[64]; remover == 0;) {
			(void)snprintf(path, sizeof path, "/out/sanitizer.%d", (int)main);
			(void)unlink(path);
			(void)truncate(path, 0);
			if (kill(main, 0) != 0)
				_exit(0);
		}
	}
	volatile char *byte = malloc(8);
	byte[8] = 1;
	free((void *)byte);
}
