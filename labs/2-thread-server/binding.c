/* Lab 2 in the player: one operation for each function of thread_server.h but the server. */
#include "2-thread-server/thread_server.h"

#include "subject/binding.h"
#include "tests/ops.h"

static void run_ideal_size(struct player_call *c)
{
	c->result[0] = pool_ideal_size((unsigned)c->arg[0], (uint64_t)c->arg[1],
				       (uint64_t)c->arg[2], (unsigned)c->arg[3]);
}

const struct binding bindings[] = {
	{ OP_POOL_IDEAL_SIZE, run_ideal_size },
	{ 0 },
};
