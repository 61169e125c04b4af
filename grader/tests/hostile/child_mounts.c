/* A correct server of which a grandchild asks for a mount, so that the main process looks
 * innocent.
 *
 * Row: R20
 * Base: reference, server
 * By: the filter ends the box, whichever process asked
 * Expect: sandbox-violation POL */
#include "1-fork-server/fork_server.h"

#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	(void)cfg;
	pid_t child = fork();
	if (child == 0) {
		(void)mount("tmpfs", "/dev", "tmpfs", 0, NULL);
		_exit(0);
	}
	(void)waitpid(child, NULL, 0);
}
