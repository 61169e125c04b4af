/* The player: executes the examiner's calls, one after another on each wire, and returns raw
 * results. Descriptor 3 is the wire of the first flow; it holds no other descriptor than it was
 * told to. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "common/plant.h"
#include "subject/binding.h"
#include "wire.h"

#define FIRST_WIRE 3

_Thread_local int64_t player_flow;
static int64_t flows; /* threads started; only the first flow starts them */

static _Noreturn void serve(int wire);

void player_ask(int wire, uint32_t seq, struct wire_message *m)
{
	uint16_t op = m->head.op;

	m->head.kind = WIRE_ASK;
	m->head.seq = seq;
	if (wire_send(wire, &m->head, m->data, NULL, 0) || wire_receive(wire, m, 0) ||
	    m->head.kind != WIRE_ANSWER || m->head.op != op || m->head.seq != seq)
		_exit(0); /* the examiner has what it wanted, or is no examiner */
	wire_drop_fds(m);
	if (m->head.arg[2])
		virtual_set((uint64_t)m->head.arg[2]);
}

static void run_fork(struct player_call *c)
{
	pid_t pid = fork();

	if (pid == 0) {
		(void)close(c->wire);
		serve(c->fd);
	}
	c->result[0] = pid < 0 ? -errno : 0;
	(void)close(c->fd);
}

struct flow {
	int wire;
	int64_t number;
};

static void *flow_main(void *arg)
{
	struct flow f = *(struct flow *)arg;

	free(arg);
	player_flow = f.number;
	serve(f.wire);
}

static void run_thread(struct player_call *c)
{
	struct flow *f = malloc(sizeof(*f));
	pthread_t thread;

	c->result[0] = -ENOMEM;
	if (!f)
		return;
	*f = (struct flow){ .wire = c->fd, .number = ++flows };
	c->result[0] = -pthread_create(&thread, NULL, flow_main, f);
	if (c->result[0] == 0)
		(void)pthread_detach(thread); /* its own and alive: cannot fail */
}

static void run_call(struct player_call *c)
{
	switch ((enum wire_op)c->op) {
	case WIRE_OP_FORK:
		run_fork(c);
		return;
	case WIRE_OP_THREAD:
		run_thread(c);
		return;
	case WIRE_OP_TAKE:
		c->result[0] = c->fd;
		return;
	case WIRE_OP_CLOSE:
		c->result[0] = close((int)c->arg[0]) ? -errno : 0;
		return;
	case WIRE_OP_CLOCK:
		virtual_set((uint64_t)c->arg[0]);
		return;
	case WIRE_OP_REAP:
		c->result[0] = waitpid(-1, NULL, 0) < 0 ? -errno : 0;
		return;
	case WIRE_OP_EXIT:
		_exit((int)c->arg[0]);
	case WIRE_OP_PLANT:
		plant_serve(c->fd);
		_exit(0); /* whatever it was: the last thing that this process does */
	case WIRE_OP_EXPLORE:
		if (explored_call)
			explored_call(c);
		else
			c->result[0] = -ENOTSUP;
		return;
	case WIRE_OP_LAB:
		break;
	}
	for (const struct binding *b = bindings; b->op; b++) {
		if (b->op == c->op) {
			b->run(c);
			return;
		}
	}
	c->result[0] = -ENOTSUP;
}

/* Ends when the examiner closes the wire: the process, or the thread alone if it is one. */
static _Noreturn void serve(int wire)
{
	struct wire_message *m = malloc(sizeof(*m));

	while (m && wire_receive(wire, m, 0) == 0) {
		struct player_call c = { .wire = wire,
					 .op = m->head.op,
					 .seq = m->head.seq,
					 .data = m->data,
					 .data_len = m->head.data_len,
					 .fd = m->fd_count ? m->fds[0] : -1,
					 .fd_back = -1 };
		if (m->head.kind != WIRE_CALL)
			break;
		memcpy(c.arg, m->head.arg, sizeof(c.arg));
		m->fd_count = 0;
		c.data_len = m->head.data_len;
		run_call(&c);
		struct wire_head back = { .kind = WIRE_RETURN,
					  .op = c.op,
					  .seq = c.seq,
					  .data_len = (uint32_t)c.data_len };
		memcpy(back.arg, c.result, sizeof(back.arg));
		if (wire_send(wire, &back, c.data, &c.fd_back, c.fd_back >= 0))
			break;
	}
	(void)close(wire);
	free(m);
	if (player_flow > 0)
		pthread_exit(NULL);
	_exit(0);
}

int main(void)
{
	plant_prepare();
	serve(FIRST_WIRE);
}
