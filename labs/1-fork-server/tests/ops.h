/* ops.h - operation numbers that the tests and binding.c of this lab agree on. */
#ifndef LAB1_OPS_H
#define LAB1_OPS_H
#include "wire.h"

/* CALLs; unless said otherwise RETURN.arg[0] is what the function returned. */
enum lab1_op {
	OP_NET_LISTEN = WIRE_OP_LAB, /* data = address with its NUL, arg = port, backlog; the socket
					comes back as a descriptor too                         */
	OP_NET_READ_FULL,            /* arg = fd, len; data = what was read                     */
	OP_NET_WRITE_FULL, /* arg = fd, repeat; data is written, `repeat` times in one call */
	OP_CONN_SERVE,     /* arg = fd; data = struct cl_server_config; blocking io   */
	OP_CONN_SCRIPTED,  /* arg = fd, env; data likewise; every callback ASKs       */
	OP_COUNTER_CREATE, /* the counter is kept by the player                       */
	OP_COUNTER_NEXT,
	OP_COUNTER_DESTROY,
};

/* ASKs of a scripted connection. arg[0] = number of the env that the callback was given, arg[1] =
 * flow that ran it. The ANSWER: arg[0] = what the callback returns, arg[1] = *reply of rpc, arg[2]
 * = the time from now on (0: unchanged). */
enum lab1_ask {
	ASK_READ = 1, /* arg[2..4] = fd, n, deadline; the answer's data is read                 */
	ASK_WRITE,    /* arg[2..4] = fd, n, deadline; data = the first bytes                    */
	ASK_SLEEP,    /* arg[2] = us                                                            */
	ASK_RPC,      /* arg[2..3] = id, value                                                  */
	ASK_DB,       /* arg[2] = key                                                           */
	ASK_YIELD,
	ASK_COUNT,
	ASK_DRAINING,
};
#endif
