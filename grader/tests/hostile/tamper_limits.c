/* A correct connection that lowers its own limits, so that no sanitizer can write a report.
 *
 * Row: V20
 * Base: reference, conn
 * By: a report that cannot be read counts as one; an error planted from outside must be reported
 * Expect: memory-error SAN */
#include "1-fork-server/fork_server.h"

#include <signal.h>
#include <sys/resource.h>

static void attack(const struct cl_server_config *cfg)
{
	const struct rlimit none = { 0, 0 };
	(void)cfg;
	(void)signal(SIGXFSZ, SIG_IGN);
	(void)setrlimit(RLIMIT_FSIZE, &none);
}
