/* As unlink_report, but the report is emptied.
 *
 * Row: V7
 * Base: reference, read
 * By: a report without words is one
 * Expect: memory-error SAN */
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
		(void)truncate(path, 0);
	}
}
