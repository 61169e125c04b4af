/* A correct server that takes the sanitizer's shadow memory away.
 *
 * Row: V7
 * Base: reference, read
 * By: the process cannot go on, and the sanitizer says so
 * Expect: memory-error SAN */
#include "1-fork-server/fork_server.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sys/mman.h>

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
	(void)cfg;
	err_aside();
	(void)munmap((void *)0x10007fff8000, 1ul << 30);
	err();
}
