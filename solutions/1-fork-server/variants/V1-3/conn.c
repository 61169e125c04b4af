/* conn.c - one connection: bytes come in any portions, answers go out in few. Input is buffered
 * until a head is complete; output is buffered until there is nothing left to answer, so that
 * pipelined requests share one write. Blocks only through `io`, looks at the clock only by
 * cl_now_us(). */
#include "1-fork-server/fork_server.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NO_DEADLINE  UINT64_MAX
#define BUF_BYTES    16384u /* each way; the input must hold a whole head */
#define LINGER_BYTES 65536u
#define LINGER_US    100000u
#define STATUS_IDLE  (-1) /* next_head(): the connection ended between two requests */

struct conn {
	int fd;
	const struct cl_server_config *cfg;
	const struct conn_io *io;
	uint64_t requests;
	char worker[24]; /* for X-Worker: our pid */
	size_t at, end;  /* in[at..end) has come and is not used yet */
	size_t pending;  /* out[0..pending) is ready to go */
	char in[BUF_BYTES];
	char out[BUF_BYTES];
};

/* the blocking operations */

static ssize_t blocking_read(void *env, int fd, void *buf, size_t n, uint64_t deadline_us)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct timespec wait, *timeout = NULL;

	(void)env;
	if (deadline_us != NO_DEADLINE) {
		uint64_t now = cl_now_us(), left = deadline_us > now ? deadline_us - now : 0;
		wait = (struct timespec){ .tv_sec = (time_t)(left / 1000000),
					  .tv_nsec = (long)(left % 1000000) * 1000 };
		timeout = &wait;
	}
	int ready = ppoll(&p, 1, timeout, NULL);
	if (ready < 0)
		return -errno;
	if (ready == 0)
		return -ETIMEDOUT;
	ssize_t got = recv(fd, buf, n, 0);
	return got < 0 ? -errno : got;
}

static ssize_t blocking_write(void *env, int fd, const void *buf, size_t n, uint64_t deadline_us)
{
	(void)env, (void)deadline_us; /* CLHP/1 has no time limit for a slow reader */
	ssize_t put = send(fd, buf, n, MSG_NOSIGNAL);
	return put < 0 ? -errno : put;
}

static void blocking_sleep(void *env, uint64_t us)
{
	(void)env;
	cl_wait_us(us);
}

static int connect_full(int fd, const struct sockaddr_storage *to, socklen_t len)
{
	/* An interrupted connect goes on by itself; asked again it waits for the end. */
	while (connect(fd, (const struct sockaddr *)to, len))
		if (errno != EINTR)
			return errno == EISCONN ? 0 : errno;
	return 0;
}

static int blocking_rpc(void *env, uint64_t id, uint64_t value, uint64_t *reply)
{
	const struct cl_server_config *cfg = ((struct conn_env *)env)->cfg;
	uint8_t frame[16];
	ssize_t got;

	int fd = socket(cfg->backend.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno;
	int err = connect_full(fd, &cfg->backend, cfg->backend_len);
	if (err)
		goto close_fd;
	cl_rpc_encode(frame, id, value);
	err = net_write_full(fd, frame, sizeof(frame));
	if (err)
		goto close_fd;
	got = net_read_full(fd, frame, sizeof(frame));
	if (got == (ssize_t)sizeof(frame))
		cl_rpc_decode(frame, &id, reply);
	else
		err = got < 0 ? (int)-got : ECONNRESET;
close_fd:
	(void)close(fd);
	return err;
}

static uint64_t blocking_db_get(void *env, uint64_t key)
{
	(void)env;
	return cl_db_get(key);
}

static void blocking_yield(void *env)
{
	(void)env;
	(void)sched_yield();
}

void conn_io_blocking(struct conn_io *io, struct conn_env *env)
{
	*io = (struct conn_io){
		.read = blocking_read,
		.write = blocking_write,
		.sleep_us = blocking_sleep,
		.rpc = blocking_rpc,
		.db_get = blocking_db_get,
		.yield = blocking_yield,
		.env = env,
	};
}

/* output */

static bool is_draining(const struct conn *c)
{
	return c->io->draining && c->io->draining(c->io->env);
}

static int write_all(const struct conn *c, const char *p, size_t n)
{
	while (n) {
		ssize_t put = c->io->write(c->io->env, c->fd, p, n, NO_DEADLINE);
		if (put < 0 && put != -EINTR)
			return (int)-put;
		if (put > 0) {
			p += put;
			n -= (size_t)put;
		}
	}
	return 0;
}

static int flush(struct conn *c)
{
	size_t n = c->pending;

	c->pending = 0;
	return n ? write_all(c, c->out, n) : 0;
}

static int put(struct conn *c, const char *p, size_t n)
{
	while (n) {
		if (c->pending == 0 && n >= sizeof(c->out))
			return write_all(c, p, n); /* large: not worth a copy */
		size_t room = sizeof(c->out) - c->pending, take = n < room ? n : room;
		memcpy(c->out + c->pending, p, take);
		c->pending += take;
		p += take;
		n -= take;
		if (c->pending == sizeof(c->out)) {
			int err = flush(c);
			if (err)
				return err;
		}
	}
	return 0;
}

static int put_head(struct conn *c, int status, uint64_t body_bytes, bool keep_alive)
{
	char head[256];
	ssize_t n = cl_http_head(head, sizeof(head), status, body_bytes, keep_alive, c->worker);

	return put(c, head, (size_t)n);
}

/* An answer that is decided now; *keep becomes false if it has to be the last one. */
static int put_answer(struct conn *c, bool *keep, const char *body, size_t n)
{
	*keep = *keep && !is_draining(c);
	int err = put_head(c, 200, n, *keep);
	return err ? err : put(c, body, n);
}

/* input */

/* Waits for more bytes, after sending what is ready: nobody shall wait for us while we wait for
 * them. Returns > 0, 0 at the end of file, or a negative errno; -EINTR: look around, come again. */
static ssize_t fill(struct conn *c, uint64_t deadline_us)
{
	int err = flush(c);

	if (err)
		return -err;
	if (c->at == c->end) {
		c->at = c->end = 0;
	} else if (c->end == sizeof(c->in)) {
		memmove(c->in, c->in + c->at, c->end - c->at);
		c->end -= c->at;
		c->at = 0;
	}
	ssize_t n = c->io->read(c->io->env, c->fd, c->in + c->end, sizeof(c->in) - c->end,
				deadline_us);
	if (n > 0)
		c->end += (size_t)n;
	return n;
}

static uint64_t after_ms(unsigned ms)
{
	return ms ? cl_now_us() + ms * 1000ull : NO_DEADLINE;
}

static void error_request(struct cl_req *r, int status)
{
	*r = (struct cl_req){ .route = CL_R_ERROR, .error_status = status };
}

/* Gets the next head. 0 with *r filled in; STATUS_IDLE if none will come; else a positive errno.
 * Both deadlines are absolute and set once: bytes do not move them. A draining server takes what
 * has arrived, but waits for nothing. */
static int next_head(struct conn *c, struct cl_req *r)
{
	bool begun = c->at < c->end;
	uint64_t deadline_us = after_ms(begun ? c->cfg->header_timeout_ms
					      : c->cfg->idle_timeout_ms);

	for (;;) {
		if (c->at < c->end) {
			ssize_t n = cl_http_parse(c->in + c->at, c->end - c->at, r);
			if (n > 0)
				c->at += (size_t)n;
			if (n != 0)
				return 0;
			if (!begun)
				deadline_us = after_ms(c->cfg->header_timeout_ms);
			begun = true;
		}
		bool draining = is_draining(c);
		ssize_t n = fill(c, draining ? 0 : deadline_us);
		if (n == -ETIMEDOUT && begun && !draining) {
			error_request(r, 408);
			return 0;
		}
		if (n == 0 || n == -ETIMEDOUT)
			return STATUS_IDLE;
		if (n < 0 && n != -EINTR)
			return (int)-n;
	}
}

/* The next portion of a body of which `left` bytes are missing: *p is valid until the next call.
 * Returns its length, at least 1, or a negative errno. */
static ssize_t next_body(struct conn *c, uint64_t left, const char **p)
{
	while (c->at == c->end) {
		ssize_t n = fill(c, NO_DEADLINE);
		if (n == 0)
			return -ECONNABORTED; /* the client promised more */
		if (n < 0 && n != -EINTR)
			return n;
	}
	size_t take = c->end - c->at;
	if (take > left)
		take = (size_t)left;
	*p = c->in + c->at;
	c->at += take;
	return (ssize_t)take;
}

/* routes */

/* A refusal is the last answer. The client may still be sending: closing now would reset the
 * connection and destroy the answer on its way, so what comes is thrown away for a while. */
static void linger(struct conn *c)
{
	uint64_t deadline_us = cl_now_us() + LINGER_US;
	size_t gone = c->end - c->at;

	(void)shutdown(c->fd, SHUT_WR); /* fails only if the client is gone */
	while (gone < LINGER_BYTES) {
		c->at = c->end = 0;
		ssize_t n = fill(c, deadline_us);
		if (n == 0 || (n < 0 && n != -EINTR))
			return;
		gone += n > 0 ? (size_t)n : 0;
	}
}

static int serve_error(struct conn *c, int status, bool *keep)
{
	*keep = false;
	return put_head(c, status, 0, false);
}

static int run_step(struct conn *c, const struct cl_req *r, const struct cl_step *s, uint64_t *h)
{
	const struct conn_io *io = c->io;
	uint64_t result = 0;
	int err;

	switch (s->kind) {
	case CL_STEP_CPU:
		result = cl_burn(*h, s->arg);
		break;
	case CL_STEP_WAIT:
		io->sleep_us(io->env, s->arg * 1000);
		break;
	case CL_STEP_RPC:
		result = *h;
		for (uint64_t k = 0; k < s->arg; k++) {
			err = io->rpc(io->env, r->seed, result, &result);
			if (err)
				return err;
		}
		break;
	case CL_STEP_DB:
		result = io->db_get(io->env, s->arg);
		break;
	case CL_STEP_YIELD:
		io->yield(io->env);
		break;
	}
	*h = cl_plan_mix(*h, s, result);
	return 0;
}

static int serve_work(struct conn *c, const struct cl_req *r, bool *keep)
{
	uint64_t h = cl_plan_begin(r);
	int err = r->nsteps ? flush(c) : 0; /* earlier answers do not wait for this one */
	char body[19] = "h=";

	if (err)
		return err;
	for (unsigned i = 0; i < r->nsteps; i++)
		if (run_step(c, r, &r->step[i], &h))
			return serve_error(c, 502, keep);
	*cl_put_hex(body + 2, h) = '\n';
	return put_answer(c, keep, body, sizeof(body));
}

static int serve_bytes(struct conn *c, const struct cl_req *r, bool *keep)
{
	*keep = *keep && !is_draining(c);
	int err = put_head(c, 200, r->count_bytes, *keep);

	for (uint64_t off = 0; !err && off < r->count_bytes;) {
		uint64_t left = r->count_bytes - off;
		size_t room = sizeof(c->out) - c->pending, n = left < room ? (size_t)left : room;
		cl_bytes_fill(r->seed, off, c->out + c->pending, n);
		c->pending += n;
		off += n;
		if (c->pending == sizeof(c->out))
			err = flush(c);
	}
	return err;
}

/* Collected, not streamed: a client may send all before it reads the first byte. */
static int serve_echo(struct conn *c, const struct cl_req *r, bool *keep)
{
	size_t have = 0, len = (size_t)r->body_bytes;
	char *body = malloc(len ? len : 1);
	int err = 0;

	if (!body)
		return ENOMEM;
	while (have < len) {
		const char *p;
		ssize_t n = next_body(c, len - have, &p);
		if (n < 0) {
			err = (int)-n;
			goto free_body;
		}
		memcpy(body + have, p, (size_t)n);
		have += (size_t)n;
	}
	err = put_answer(c, keep, body, len);
free_body:
	free(body);
	return err;
}

static int serve_sum(struct conn *c, const struct cl_req *r, bool *keep)
{
	uint64_t sum = CL_SUM_INIT, left = r->body_bytes;
	char body[64] = "len=", *end;

	while (left) {
		const char *p;
		ssize_t n = next_body(c, left, &p);
		if (n < 0)
			return (int)-n;
		sum = cl_sum_update(sum, p, (size_t)n);
		left -= (uint64_t)n;
	}
	end = cl_put_dec(body + 4, r->body_bytes);
	memcpy(end, " fnv=", 5);
	end = cl_put_hex(end + 5, sum);
	*end++ = '\n';
	return put_answer(c, keep, body, (size_t)(end - body));
}

static int serve_count(struct conn *c, bool *keep)
{
	char body[24];
	char *end = cl_put_dec(body, c->io->count ? c->io->count(c->io->env) : 0);

	*end++ = '\n';
	return put_answer(c, keep, body, (size_t)(end - body));
}

static int serve_stat(struct conn *c, bool *keep)
{
	struct cl_stat s = {
		.connections = 1, .requests = c->requests, .pid = getpid(), .tid = gettid()
	};
	char body[160];
	ssize_t n = cl_stat_json(body, sizeof(body), &s);

	return put_answer(c, keep, body, (size_t)n);
}

static int serve_crash(struct conn *c, bool *keep)
{
	if (!(c->cfg->flags & CL_F_ALLOW_CRASH))
		return serve_error(c, 404, keep);
	(void)flush(c); /* earlier answers are not part of the accident */
	abort();
}

static int serve_index(struct conn *c, bool *keep)
{
	size_t n;
	const char *page = cl_index_page(&n);

	return put_answer(c, keep, page, n);
}

static int serve_request(struct conn *c, const struct cl_req *r, bool *keep)
{
	c->requests++;
	if (r->expect_continue) {
		int err = put(c, CL_CONTINUE, sizeof(CL_CONTINUE) - 1);
		if (err)
			return err;
	}
	switch (r->route) {
	case CL_R_INDEX:
		return serve_index(c, keep);
	case CL_R_PING:
		return put_answer(c, keep, "pong\n", 5);
	case CL_R_WORK:
		return serve_work(c, r, keep);
	case CL_R_BYTES:
		return serve_bytes(c, r, keep);
	case CL_R_ECHO:
		return serve_echo(c, r, keep);
	case CL_R_SUM:
		return serve_sum(c, r, keep);
	case CL_R_COUNT:
		return serve_count(c, keep);
	case CL_R_CRASH:
		return serve_crash(c, keep);
	case CL_R_STAT:
		return serve_stat(c, keep);
	case CL_R_ERROR:
		break;
	}
	return serve_error(c, r->error_status, keep);
}

int conn_serve(int fd, const struct cl_server_config *cfg, const struct conn_io *io)
{
	struct conn c; /* no initialiser: it would clear 32 KiB for every connection */
	struct cl_req r = { .route = CL_R_ERROR };
	bool keep = true;
	int err = 0;

	c.fd = fd;
	c.cfg = cfg;
	c.io = io;
	c.requests = c.at = c.end = c.pending = 0;
	*cl_put_dec(c.worker, (uint64_t)getpid()) = '\0';
	while (keep) {
		err = next_head(&c, &r);
		if (err == STATUS_IDLE)
			return 0;
		if (err)
			return err;
		keep = r.keep_alive;
		err = serve_request(&c, &r, &keep);
		if (err)
			return err;
	}
	err = flush(&c);
	/* A client that asked for the close sends no more; any other may be sending now. */
	if (!err && (r.route == CL_R_ERROR || r.keep_alive || c.at < c.end))
		linger(&c);
	return err;
}
