/* A correct server in which a child writes past its memory; the parent removes the child's report,
 * and its own sanitizer is sound.
 *
 * Row: V7
 * Base: reference, read
 * By: what is removed in /out is seen from outside
 * Expect: tampered POL */
#include "1-fork-server/fork_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	char path[64];

	(void)cfg;
	err_aside();
	for (int pid = 1; pid < 300; pid++) {
		(void)snprintf(path, sizeof path, "/out/sanitizer.%d", pid);
		(void)unlink(path);
	}
}
