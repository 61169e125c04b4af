/* conn.c - part B: one connection. Everything that may block goes through `io`, the time comes from
 * cl_now_us(): the same object serves in labs 2 and 6, and the tests can play the clock. */
#include "1-fork-server/fork_server.h"

#include <errno.h>

/* A suggestion: what a connection remembers between two reads. TCP has no message borders, so
 * in[at..end) may hold half a head, or three requests and a half. */
struct conn {
	int fd;
	const struct cl_server_config *cfg;
	const struct conn_io *io;
	size_t at, end;
	char in[2 * CL_HEAD_MAX];
};

void conn_io_blocking(struct conn_io *io, struct conn_env *env)
{
	/* TODO(step 2): a small static function for each member, working on *env. Look at
	 * cl_wait_us(), cl_db_get(), cl_rpc_encode(), sched_yield(2), ppoll(2). */
	*io = (struct conn_io){ .env = env };
}

/* TODO(step 2): the loop of a connection, roughly:
 *
 *	until the connection ends
 *		until cl_http_parse() has a head (or an error) in in[at..end)
 *			io->read() more, with the right deadline: idle before the first byte,
 *			header time from the first byte on
 *		take the head out of the buffer; what follows it is the body, or the next request
 *		answer by the route: cl_http_head(), then the body, by io->write()
 *		an error, "Connection: close" or draining make this answer the last one
 *
 * TODO(step 2): the loop of a plan (GET /work):
 *
 *	h = cl_plan_begin(r)
 *	for each step, in order
 *		result = what enum cl_step_kind in common/http.h says
 *		h = cl_plan_mix(h, step, result)
 *	the answer is "h=", 16 hex digits, "\n"
 */
int conn_serve(int fd, const struct cl_server_config *cfg, const struct conn_io *io)
{
	struct conn c = { .fd = fd, .cfg = cfg, .io = io };

	(void)c;
	return ENOSYS;
}
