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
