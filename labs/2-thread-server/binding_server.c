/* The server in an explored run, and the clients that the script plays. Nobody believes what they
 * report: an answer has to be the one that the examiner works out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "2-thread-server/bindings.h"
#include "2-thread-server/thread_server.h"
#include "common/http.h"
#include "runtime/outside.h"
#include "tests/ops_server.h"

#define LONG_MS    600000u
#define RESTED_US  10000000u /* virtual: longer than anybody rests between two tasks */
#define ANSWER_MAX 2048u

/* Only the hooked player has them. */
#pragma weak outside_listener
#pragma weak outside_serve
#pragma weak outside_connect
#pragma weak outside_send
#pragma weak outside_receive
#pragma weak outside_close
#pragma weak outside_open

static struct {
	int number;
} client[SERVER_CLIENTS]; /* each the matter of one thread */

static void serve(struct player_call *c)
{
	const struct cl_server_config cfg = {
		.size = sizeof(cfg),
		.listen_fd = outside_listener(),
		.workers = (unsigned)c->arg[0],
		.queue_capacity = c->arg[1] ? (unsigned)c->arg[1] : 1,
		.header_timeout_ms = LONG_MS,
		.idle_timeout_ms = LONG_MS,
		.drain_timeout_ms = LONG_MS,
	};

	outside_serve();
	c->result[0] = thread_server_run(&cfg);
}

static size_t request(char *out, size_t room, const struct player_call *c)
{
	unsigned long long seed = (unsigned long long)c->arg[2], n = (unsigned long long)c->arg[3];
	int length = 0;

	switch ((enum lab2_target)c->arg[1]) {
	case TARGET_PING:
		length = snprintf(out, room, "GET /ping HTTP/1.1\r\n\r\n");
		break;
	case TARGET_BURN:
		length = snprintf(out, room, "GET /work?seed=%llu&plan=c%llu HTTP/1.1\r\n\r\n",
				  seed, n);
		break;
	case TARGET_WAIT:
		length = snprintf(out, room, "GET /work?seed=%llu&plan=w%llu HTTP/1.1\r\n\r\n",
				  seed, n);
		break;
	case TARGET_COUNT:
		length = snprintf(out, room, "GET /count HTTP/1.1\r\n\r\n");
		break;
	}
	return (size_t)length;
}

/* Where the body of the answer begins, 0: not all of it is there yet. */
static size_t whole(const char *in, size_t length, size_t *body_bytes)
{
	const char *end = strstr(in, "\r\n\r\n"), *field = strstr(in, "Content-Length: ");

	if (!end || !field || field > end)
		return 0;
	*body_bytes = (size_t)strtoul(field + strlen("Content-Length: "), NULL, 10);
	size_t at = (size_t)(end - in) + 4;
	return length - at >= *body_bytes ? at : 0;
}

static void get(struct player_call *c)
{
	const int number = client[c->arg[0]].number;
	char in[ANSWER_MAX];
	size_t length = 0, at = 0, body_bytes = 0;

	in[0] = '\0';
	length = request(in, sizeof(in), c);
	outside_send(number, in, length);
	for (length = 0; !at && length < sizeof(in) - 1;) {
		size_t got = outside_receive(number, in + length, sizeof(in) - 1 - length);
		if (!got)
			return; /* closed: result 0 */
		length += got;
		in[length] = '\0';
		at = whole(in, length, &body_bytes);
	}
	const char *close = strstr(in, "Connection: close");
	/* NOLINTNEXTLINE(cert-err34-c): what is no number is 0, as is no answer */
	c->result[0] = atoi(in + strlen("HTTP/1.1 "));
	c->result[1] = (int64_t)cl_sum_update(CL_SUM_INIT, in + at, body_bytes);
	c->result[2] = close && close < in + at;
	c->result[3] = (int64_t)strtoul(in + at, NULL, 10);
}

void run_server(struct player_call *c)
{
	if (!outside_connect) {
		c->result[0] = -1;
		return;
	}
	switch ((enum lab2_server_op)c->op) {
	case OP_SERVER_RUN:
		serve(c);
		break;
	case OP_CLIENT_OPEN:
		client[c->arg[0]].number = outside_connect();
		break;
	case OP_CLIENT_GET:
		get(c);
		break;
	case OP_CLIENT_CLOSE:
		outside_close(client[c->arg[0]].number);
		break;
	case OP_SERVER_OPEN:
		cl_wait_us(RESTED_US); /* a worker that sleeps a while has not forgotten what it
					  holds */
		c->result[0] = outside_open();
		break;
	}
}
