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
	void *set = runtime("__sanitizer_set_report_path");

	(void)cfg;
	if (set)
		((void (*)(const char *))set)("/dev/shm/elsewhere");
	err_aside();
}
