/* Prints the lines of success of many test programs, now and at the end.
 *
 * Row: R26
 * Base: skeleton, net
 * By: output is never parsed
 * Expect: not-written MODEL */
#include "1-fork-server/fork_server.h"

#include <stdio.h>
#include <stdlib.h>

static void lines(void)
{
	(void)puts("ok 1 - all\nPASSED\n[  PASSED  ] 29 tests.\nOK (29 tests)\n"
		   "{\"scores\":{\"Lab 1\":100}}\n100%: Checks: 29, Failures: 0, Errors: 0");
	(void)fflush(stdout);
}

static void attack(const struct cl_server_config *cfg)
{
	(void)cfg;
	lines();
	(void)atexit(lines);
}
