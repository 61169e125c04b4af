/* As asan_report_path, but the reports go to a descriptor that leads nowhere.
 *
 * Row: V7
 * Base: reference, runtime
 * By: a child opens a file of its own; a planted error
 * Expect: memory-error SAN */
#include "1-fork-server/fork_server.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void *runtime(const char *name);

static void attack(const struct cl_server_config *cfg)
{
	void *set = runtime("__sanitizer_set_report_fd");
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	(void)cfg;
	if (set)
		((void (*)(void *))set)((void *)(long)nowhere);
	err_aside();
}
