/* A correct connection that takes the name of the report before the sanitizer can.
 *
 * Row: V20
 * Base: reference, conn
 * By: a report that cannot be read counts as one; an error planted from outside must be reported
 * Expect: memory-error SAN */
#include "1-fork-server/fork_server.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	char path[64];
	(void)cfg;
	for (int pid = 1; pid < 200; pid++) {
		(void)snprintf(path, sizeof path, "/out/sanitizer.%d", pid);
		(void)close(open(path, O_WRONLY | O_CREAT, 0));
		(void)chmod(path, 0);
	}
}
