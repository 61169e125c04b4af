/* Gigabytes on standard output.
 *
 * Row: R24
 * Base: skeleton, net
 * By: output is drained to a limit, then the box ends
 * Expect: output-limit RES */
#include "1-fork-server/fork_server.h"

#include <string.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	static char block[1 << 20];

	(void)cfg;
	memset(block, 'x', sizeof block);
	for (int i = 0; i < 4096; i++)
		if (write(STDOUT_FILENO, block, sizeof block) < 0)
			break;
}
