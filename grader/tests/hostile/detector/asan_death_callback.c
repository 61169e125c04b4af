/* A correct server whose sanitizer calls it back before it dies: it removes the report.
 *
 * Row: V7
 * Base: reference, runtime
 * By: what is removed in /out is seen from outside; a planted error
 * Expect: tampered POL */
#include "1-fork-server/fork_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void *runtime(const char *name);

static void remove_report(void)
{
	char path[64];

	for (int pid = 1; pid < 300; pid++) {
		(void)snprintf(path, sizeof path, "/out/sanitizer.%d", pid);
		(void)unlink(path);
	}
}

static void attack(const struct cl_server_config *cfg)
{
	void *set = runtime("__sanitizer_set_death_callback");

	(void)cfg;
	if (set)
		((void (*)(void (*)(void)))set)(remove_report);
	err_aside();
}
