/* fork_server.c - parts C and E: accept, fork, reap; shutdown, limits, crashes. */
#include "1-fork-server/fork_server.h"

#include <errno.h>

/* TODO(step 3): before the loop, choose how the parent learns of SIGCHLD and SIGTERM while it
 * waits for clients. Each of the three makes "go to sleep" and "notice a signal" one step:
 *
 *	self-pipe	the handler writes one byte into a pipe; poll() waits for listener and pipe
 *	signalfd	the signals are blocked and read from a descriptor; poll() waits for both
 *	ppoll		the signals are blocked; ppoll() opens the mask only while it sleeps
 *
 * TODO(step 3): the loop, roughly:
 *
 *	wait for the listener or a signal
 *	children have ended: reap all of them
 *	a client is there: accept, fork
 *		child	keeps this connection only, conn_serve(), _exit()
 *		parent	remembers the child, lets go of the connection
 *
 * TODO(step 4): the counter of ipc.c, created before the first child; conn_io.count asks it.
 *
 * TODO(step 5): max_conns and 503; SIGTERM: stop accepting, tell the children, wait for them at
 * most drain_timeout_ms, kill the rest, reap all, give back masks and handlers, return 0. */
int fork_server_run(const struct cl_server_config *cfg)
{
	(void)cfg;
	return ENOSYS;
}
