/* A correct server that writes past its memory in a function that asks not to be looked at.
 *
 * Row: V8
 * Base: reference, conn
 * By: attributes are an allow-list; hooks are counted
 * Expect: policy POL */
#include "1-fork-server/fork_server.h"

#include <stdlib.h>

__attribute__((no_sanitize("address", "undefined"), noinline)) static void attack(
	const struct cl_server_config *cfg)
{
	volatile char *byte = malloc(8);
	(void)cfg;
	byte[8] = 1;
	free((void *)byte);
}
