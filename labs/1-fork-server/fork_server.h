/* 1-fork-server/fork_server.h - process-per-connection server. Students edit:
 *   net.c  conn.c  fork_server.c  ipc.c   (and answers.conf)
 * Source: socket(7), tcp(7), fork(2), wait(2), signal-safety(7); CLHP/1 in the README of this lab.
 */
#ifndef FORK_SERVER_H
#define FORK_SERVER_H
#include "common/clab.h"
#include "common/http.h"

/* part A: net.c */

/* Creates a TCP listening socket on addr:port (IPv4 dotted or IPv6 text; port 0 = any),
 * SO_REUSEADDR set, close-on-exec. Returns the descriptor (returned to the caller) or a
 * negative errno; leaks nothing on failure. [MT-Safe] */
int net_listen(const char *addr, uint16_t port, int backlog);

/* Reads until `len` bytes have arrived, end of file or error. Restarts after EINTR,
 * waits on EAGAIN if fd is non-blocking. Returns bytes read (< len only at end of file)
 * or a negative errno. [MT-Safe] */
ssize_t net_read_full(int fd, void *buf, size_t len);

/* Writes all `len` bytes, however small the kernel's portions. Never raises SIGPIPE.
 * Returns 0 or errno (EPIPE/ECONNRESET when the peer has gone). [MT-Safe] */
int net_write_full(int fd, const void *buf, size_t len);

/* part B: conn.c, one connection, used again by labs 2 and 6 */

/* The operations by which a connection may block. Labs 1 and 2 pass blocking ones, lab 6
 * coroutine ones, the tests scripted ones: conn_serve() itself stays the same object. It waits for
 * nothing but these, and knows the time only from cl_now_us(). */
struct conn_io {
	/* Waits for at least one byte, at most until the absolute time deadline_us
	 * (CLOCK_MONOTONIC; UINT64_MAX = for ever; one in the past: takes what is there, waits for
	 * nothing). > 0 bytes read, 0 at the end of file, -ETIMEDOUT at the deadline, -EINTR = ask
	 * again (something may have changed, e.g. draining), or another negative errno. write:
	 * bytes taken or a negative errno; CLHP/1 sets no deadline for writing (UINT64_MAX). */
	ssize_t (*read)(void *env, int fd, void *buf, size_t n, uint64_t deadline_us);
	ssize_t (*write)(void *env, int fd, const void *buf, size_t n, uint64_t deadline_us);
	void (*sleep_us)(void *env, uint64_t us);
	/* one RPC round trip to cfg->backend; returns 0 or errno */
	int (*rpc)(void *env, uint64_t id, uint64_t value, uint64_t *reply);
	uint64_t (*db_get)(void *env, uint64_t key);
	void (*yield)(void *env);
	uint64_t (*count)(void *env); /* value for GET /count, see part D          */
	bool (*draining)(void *env);  /* true: answer with Connection: close       */
	void *env;                    /* passed to all of the above (a closure)    */
};

/* What env points to in the blocking versions. data belongs to the server: its counter, its
 * draining flag. */
struct conn_env {
	const struct cl_server_config *cfg;
	void *data;
};

/* Fills *io with blocking operations working on *env (borrowed for the life of *io). count and
 * draining are left NULL: the server sets them, they find their state in env->data. A NULL
 * count makes /count answer 0, a NULL draining means never. */
void conn_io_blocking(struct conn_io *io, struct conn_env *env);

/* Serves fd until the peer closes, a protocol error, a timeout or draining. fd is
 * borrowed and blocking. Handles split heads, pipelined requests, bodies of any size in
 * O(1) memory (only an /echo body, at most CL_ECHO_MAX, may be collected). Returns 0 on an
 * orderly end, else errno of the failed operation. */
int conn_serve(int fd, const struct cl_server_config *cfg, const struct conn_io *io);

/* parts C, E: fork_server.c */

/* Accepts on cfg->listen_fd and forks one child per connection. Installs its own signal
 * handling. On SIGTERM: stops accepting, lets requests under way finish for at most
 * cfg->drain_timeout_ms, then SIGKILLs remaining children, reaps every child, restores
 * signal dispositions and mask, returns 0. Returns errno on a fatal set-up error.
 * A child never returns from this function. [MT-Confined: single-threaded process] */
int fork_server_run(const struct cl_server_config *cfg);

/* part D: ipc.c, a counter shared between processes */
struct ipc_counter;
/* Creates a counter visible to all later children. 0 or errno. Returned. */
int ipc_counter_create(struct ipc_counter **out);
/* Adds one and returns the new value; no two calls, in whatever processes, return the
 * same value. A child killed at any point must not block others. [MT-Safe] */
uint64_t ipc_counter_next(struct ipc_counter *c);
void ipc_counter_destroy(struct ipc_counter *c);
#endif
