/* A correct server that writes past its memory, but not where the sanitizer could see it.
 *
 * Row: V6
 * Base: reference, conn
 * By: the detector's macros are hidden
 * Expect: memory-error SAN */
#include "1-fork-server/fork_server.h"

#include <stdlib.h>

static void attack(const struct cl_server_config *cfg)
{
	(void)cfg;
#ifndef __SANITIZE_ADDRESS__
	volatile char *byte = malloc(8);
	byte[8] = 1;
	free((void *)byte);
#endif
}
