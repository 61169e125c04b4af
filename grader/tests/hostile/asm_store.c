/* A correct server that writes past its memory by assembly, which no sanitizer instruments.
 *
 * Row: V9
 * Base: reference, conn
 * By: no assembly in this lab
 * Expect: policy POL */
#include "1-fork-server/fork_server.h"

#include <stdlib.h>

static void attack(const struct cl_server_config *cfg)
{
	char *byte = malloc(8);
	(void)cfg;
	__asm__ volatile("movb $1, 8(%0)" : : "r"(byte) : "memory");
	free(byte);
}
