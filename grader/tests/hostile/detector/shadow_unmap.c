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

static void attack(const struct cl_server_config *cfg)
{
	(void)cfg;
	err_aside();
	(void)munmap((void *)0x10007fff8000, 1ul << 30);
	err();
}
