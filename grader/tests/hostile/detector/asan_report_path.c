/* A correct server in which a child writes past its memory, and whose sanitizer is told to report
 * to another file.
 *
 * Row: V7
 * Base: reference, runtime
 * By: a planted error; the child's own end is nobody's business
 * Expect: tampered POL */
#include "1-fork-server/fork_server.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void *runtime(const char *name);

static void attack(const struct cl_server_config *cfg)
{
	void *set = runtime("__sanitizer_set_report_path");

	(void)cfg;
	if (set)
		((void (*)(const char *))set)("/dev/shm/elsewhere");
	err_aside();
}
