/* Lab 1 in the player: one operation for each function of fork_server.h that is tested in process.
 */
#include "1-fork-server/fork_server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "subject/binding.h"
#include "tests/ops.h"

static struct ipc_counter *counter; /* one a process; children inherit it */

static void run_listen(struct player_call *c)
{
	char *addr = strndup((const char *)c->data, c->data_len);

	c->result[0] = net_listen(addr, (uint16_t)c->arg[0], (int)c->arg[1]);
	c->fd_back = c->result[0] >= 0 ? (int)c->result[0] : -1;
	c->data_len = 0;
	free(addr);
}

static void run_read_full(struct player_call *c)
{
	memset(c->data, 0x5a, WIRE_DATA_MAX);
	c->result[0] = net_read_full((int)c->arg[0], c->data, (size_t)c->arg[1]);
	c->data_len = c->result[0] > 0 && c->result[0] <= c->arg[1] ? (size_t)c->result[0] : 0;
}

static void run_write_full(struct player_call *c)
{
	size_t len = c->data_len * (size_t)c->arg[1];
	uint8_t *all = malloc(len + 1);

	c->result[0] = ENOMEM;
	for (size_t i = 0; all && i < (size_t)c->arg[1]; i++)
		memcpy(all + i * c->data_len, c->data, c->data_len);
	if (all)
		c->result[0] = net_write_full((int)c->arg[0], all, len);
	c->data_len = 0;
	free(all);
}

static void load_config(const struct player_call *c, struct cl_server_config *cfg)
{
	if (c->data_len == sizeof(*cfg))
		memcpy(cfg, c->data, sizeof(*cfg));
	cl_backend_set((const struct sockaddr *)&cfg->backend, cfg->backend_len);
}

static void run_serve(struct player_call *c)
{
	struct cl_server_config cfg = { .size = sizeof(cfg) };
	struct conn_env env = { .cfg = &cfg };
	struct conn_io io = { .env = &env };

	load_config(c, &cfg);
	conn_io_blocking(&io, &env);
	c->result[0] = conn_serve((int)c->arg[0], &cfg, &io);
	c->data_len = 0;
}

/* What the callbacks of a scripted connection get as env. */
struct scripted {
	int wire;
	uint32_t seq;
	int64_t number;
	struct wire_message *m;
};

static int64_t ask(struct scripted *s, enum lab1_ask op, const int64_t arg[3], const void *data,
		   size_t len)
{
	s->m->head = (struct wire_head){
		.op = (uint16_t)op,
		.data_len = (uint32_t)(len < WIRE_DATA_MAX ? len : WIRE_DATA_MAX),
		.arg = { s->number, player_flow, arg[0], arg[1], arg[2] }
	};
	if (data)
		memcpy(s->m->data, data, s->m->head.data_len);
	player_ask(s->wire, s->seq, s->m);
	return s->m->head.arg[0];
}

static ssize_t ask_read(void *env, int fd, void *buf, size_t n, uint64_t deadline_us)
{
	struct scripted *s = env;
	ssize_t got = ask(env, ASK_READ, (const int64_t[3]){ fd, (int64_t)n, (int64_t)deadline_us },
			  NULL, 0);

	if (got > 0)
		memcpy(buf, s->m->data, (size_t)got < n ? (size_t)got : n);
	return got;
}

static ssize_t ask_write(void *env, int fd, const void *buf, size_t n, uint64_t deadline_us)
{
	return ask(env, ASK_WRITE, (const int64_t[3]){ fd, (int64_t)n, (int64_t)deadline_us }, buf,
		   n);
}

static void ask_sleep(void *env, uint64_t us)
{
	(void)ask(env, ASK_SLEEP, (const int64_t[3]){ (int64_t)us, 0, 0 }, NULL, 0);
}

static int ask_rpc(void *env, uint64_t id, uint64_t value, uint64_t *reply)
{
	struct scripted *s = env;
	int status = (int)ask(env, ASK_RPC, (const int64_t[3]){ (int64_t)id, (int64_t)value, 0 },
			      NULL, 0);

	*reply = (uint64_t)s->m->head.arg[1];
	return status;
}

static uint64_t ask_db(void *env, uint64_t key)
{
	return (uint64_t)ask(env, ASK_DB, (const int64_t[3]){ (int64_t)key, 0, 0 }, NULL, 0);
}

static void ask_yield(void *env)
{
	(void)ask(env, ASK_YIELD, (const int64_t[3]){ 0, 0, 0 }, NULL, 0);
}

static uint64_t ask_count(void *env)
{
	return (uint64_t)ask(env, ASK_COUNT, (const int64_t[3]){ 0, 0, 0 }, NULL, 0);
}

static bool ask_draining(void *env)
{
	return ask(env, ASK_DRAINING, (const int64_t[3]){ 0, 0, 0 }, NULL, 0) != 0;
}

static void run_scripted(struct player_call *c)
{
	struct cl_server_config cfg = { .size = sizeof(cfg) };
	struct scripted env = {
		.wire = c->wire, .seq = c->seq, .number = c->arg[1], .m = malloc(sizeof(*env.m))
	};
	const struct conn_io io = { .read = ask_read,
				    .write = ask_write,
				    .sleep_us = ask_sleep,
				    .rpc = ask_rpc,
				    .db_get = ask_db,
				    .yield = ask_yield,
				    .count = ask_count,
				    .draining = ask_draining,
				    .env = &env };

	load_config(c, &cfg);
	c->result[0] = env.m ? conn_serve((int)c->arg[0], &cfg, &io) : ENOMEM;
	c->data_len = 0;
	free(env.m);
}

static void run_create(struct player_call *c)
{
	c->result[0] = ipc_counter_create(&counter);
}

static void run_next(struct player_call *c)
{
	c->result[0] = (int64_t)ipc_counter_next(counter);
}

static void run_destroy(struct player_call *c)
{
	ipc_counter_destroy(counter);
	counter = NULL;
	c->result[0] = 0;
}

const struct binding bindings[] = {
	{ OP_NET_LISTEN, run_listen },
	{ OP_NET_READ_FULL, run_read_full },
	{ OP_NET_WRITE_FULL, run_write_full },
	{ OP_CONN_SERVE, run_serve },
	{ OP_CONN_SCRIPTED, run_scripted },
	{ OP_COUNTER_CREATE, run_create },
	{ OP_COUNTER_NEXT, run_next },
	{ OP_COUNTER_DESTROY, run_destroy },
	{ 0 },
};
