/* Dies with a large memory, many times, to leave core files.
 *
 * Row: R28
 * Base: skeleton, net
 * By: RLIMIT_CORE 1, file size limit, nothing writable in its folder
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	char *block = malloc(32 << 20);

	(void)cfg;
	(void)setrlimit(RLIMIT_CORE, &all);
	if (block != NULL)
		memset(block, 'x', 32 << 20);
	for (int i = 0; i < 8; i++) {
		pid_t child = fork();
		if (child == 0)
			abort();
		(void)waitpid(child, NULL, 0);
	}
	abort();
}
