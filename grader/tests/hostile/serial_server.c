/* Serves correctly, one connection after the other and in one process.
 *
 * Row: V11
 * Base: reference, server
 * By: processes are counted outside; replies are held until enough requests are under way
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

static void serial_on_term(int signo)
{
	(void)signo;
	_exit(0);
}

static void attack(const struct cl_server_config *cfg)
{
	struct conn_env env = { .cfg = cfg };
	struct conn_io io;
	int fd;

	(void)signal(SIGTERM, serial_on_term);
	conn_io_blocking(&io, &env);
	while ((fd = accept(cfg->listen_fd, NULL, NULL)) >= 0) {
		(void)conn_serve(fd, cfg, &io);
		(void)close(fd);
	}
}
