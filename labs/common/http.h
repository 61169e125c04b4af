/* common/http.h - CLHP/1, a pure (no I/O, no allocation, no globals) HTTP/1.1 subset.
 * GIVEN. All functions are [MT-Safe] and [AS-Safe].
 * Source: RFC 9110 and 9112, made stricter wherever they leave a choice; FNV-1a; splitmix64. */
#ifndef CLAB_HTTP_H
#define CLAB_HTTP_H
#include "clab.h"

#define CL_HEAD_MAX     8192             /* longest header block; beyond it: 431       */
#define CL_ECHO_MAX     (1u << 20)       /* longest /echo body; beyond it: 413         */
#define CL_PLAN_MAX     16               /* steps of one plan                          */
#define CL_STEP_ARG_MAX 1000000000000ull /* of c, w and r; d takes keys below 2^63     */
#define CL_CONTINUE     "HTTP/1.1 100 Continue\r\n\r\n" /* sent before an expected body is read */

/* One letter each in ?plan=c5000,w20,r3,d7,y. "Result" is what cl_plan_mix() gets; h is the plan
 * hash before the step. */
enum cl_step_kind {
	CL_STEP_CPU = 'c',   /* arg = rounds: result cl_burn(h, arg)                     */
	CL_STEP_WAIT = 'w',  /* arg = ms: a timer, uses no CPU; result 0                 */
	CL_STEP_RPC = 'r',   /* arg = k: k DEPENDENT backend calls; result: see the end  */
	CL_STEP_DB = 'd',    /* arg = key: result cl_db_get(arg), blocking only          */
	CL_STEP_YIELD = 'y', /* arg ignored: give other requests a turn; result 0        */
};
struct cl_step {
	enum cl_step_kind kind;
	uint64_t arg;
};

enum cl_route {
	CL_R_INDEX, /* GET /                        an HTML page, cl_index_page()         */
	CL_R_PING,  /* GET /ping                    "pong\n"                              */
	CL_R_WORK,  /* GET /work?seed=S&plan=P      "h=<16 hex digits>\n"                 */
	CL_R_BYTES, /* GET /bytes/N?seed=S          N bytes of cl_bytes_fill()            */
	CL_R_ECHO,  /* POST /echo                   the body                              */
	CL_R_SUM,   /* POST /sum                    "len=<n> fnv=<16 hex digits>\n"       */
	CL_R_COUNT, /* GET /count                   "<n>\n"                               */
	CL_R_CRASH, /* GET /crash                   abort(), if CL_F_ALLOW_CRASH; else 404 */
	CL_R_STAT,  /* GET /stat                    cl_stat_json(): for people, not graded */
	CL_R_ERROR, /* anything else                an empty body, Connection: close      */
};

/* A parsed head; holds no pointers. */
struct cl_req {
	enum cl_route route;
	int error_status;     /* CL_R_ERROR: 400 404 405 413 431 501 505; otherwise 0     */
	bool keep_alive;      /* the connection may stay open after the response          */
	bool expect_continue; /* the client waits for CL_CONTINUE before it sends a body  */
	uint64_t body_bytes;  /* Content-Length, < 2^63; always 0 for GET                 */
	uint64_t seed;        /* /work, /bytes; 0 if absent                               */
	uint64_t count_bytes; /* /bytes/N, < 2^63                                         */
	unsigned nsteps;
	struct cl_step step[CL_PLAN_MAX];
};

/* Parses one head from buf[0..len). Returns
 *   > 0  bytes of the head (the body starts there); *r is filled in. A head that is well-formed
 *        but refused (404 405 413 501 505) is CL_R_ERROR with keep_alive false;
 *     0  incomplete: call again with more bytes (never with fewer); *r is unspecified;
 *   < 0  -EMSGSIZE head longer than CL_HEAD_MAX; -EINVAL malformed. *r holds the CL_R_ERROR
 *        answer to send (431, 400).
 * After every CL_R_ERROR the connection must be closed. Bytes after the first head are not looked
 * at (they may be a pipelined request), and the result does not depend on how many there are.
 *
 * Malformed: a line that does not end in CR LF, control characters, a folded header, blanks before
 * the colon, a Content-Length that is no number or is there twice, a GET with a body, an Expect
 * other than 100-continue, a plan or number that cannot be read or is too large. Of several
 * refusals the first in this order is told: 505, 405 (neither GET nor POST), 501, 404, 405 (wrong
 * method for the route), 413. Host is not asked for; unknown headers and query keys are ignored. */
ssize_t cl_http_parse(const char *buf, size_t len, struct cl_req *r);

/* Plan state: a hash chained over the steps, so that a correct answer proves that every step was
 * executed once and in order. */
uint64_t cl_plan_begin(const struct cl_req *r);
uint64_t cl_plan_mix(uint64_t h, const struct cl_step *s, uint64_t step_result);

/* Incremental digest for POST /sum. Start with h = CL_SUM_INIT. */
#define CL_SUM_INIT 0xcbf29ce484222325ull
uint64_t cl_sum_update(uint64_t h, const void *p, size_t n);

/* Body bytes [off, off+n) of GET /bytes/N?seed=S, for streaming. */
void cl_bytes_fill(uint64_t seed, uint64_t off, void *out, size_t n);

/* Writes a response head into out[0..cap); returns its length or -ENOSPC. `worker` is a free-form
 * diagnostic ("pid/tid/co"), may be NULL, must hold no line end; it is shown to the student, never
 * graded. 256 bytes are enough for any head with a worker of at most 64 bytes. */
ssize_t cl_http_head(char *out, size_t cap, int status, uint64_t body_bytes, bool keep_alive,
		     const char *worker);

/* Writes n as decimal digits, or as 16 hex digits; returns the end of what was written (at most 20
 * bytes, no NUL). printf would do, but it is neither quick nor [AS-Safe]. */
char *cl_put_dec(char *out, uint64_t n);
char *cl_put_hex(char *out, uint64_t n);

/* What GET /stat tells. Whoever answers fills in what it knows. */
struct cl_stat {
	uint64_t connections; /* served so far, by whoever answers                        */
	uint64_t requests;    /* answered so far, by whoever answers                      */
	int pid, tid;
	uint64_t coroutine; /* lab 6: its number; else 0                                  */
};
/* Writes the JSON text into out[0..cap); returns its length or -ENOSPC. 160 bytes are enough. */
ssize_t cl_stat_json(char *out, size_t cap, const struct cl_stat *s);

/* The page for GET /; it draws /stat live. Borrowed, constant, *len bytes. */
const char *cl_index_page(size_t *len);

/* RPC frames for the backend: 16 bytes each way, little endian {u64 id, u64 value}.
 * Step rK makes K calls one after another with id = the request's seed; the first sends the plan
 * hash so far, each later one the value of the reply before it; the value of the last reply is the
 * step's result (r0 calls nothing: its result is the plan hash so far). */
void cl_rpc_encode(uint8_t out[16], uint64_t id, uint64_t value);
void cl_rpc_decode(const uint8_t in[16], uint64_t *id, uint64_t *value);
#endif
