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

static void err(void)
{
	volatile size_t size = 8;
	volatile char *byte = malloc(size);

	byte[8] = 1; /* behind the block */
	free((void *)byte);
}

/* In a child whose end nobody asks about. */
static void err_aside(void)
{
	pid_t child = fork();

	if (child == 0) {
		err();
		_exit(0);
	}
	(void)waitpid(child, NULL, 0);
}

static void attack(const struct cl_server_config *cfg)
{
	void *set = runtime("__sanitizer_set_report_fd");
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	(void)cfg;
	if (set)
		((void (*)(void *))set)((void *)(long)nowhere);
	err_aside();
}
