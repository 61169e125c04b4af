/* Lab 2 in the player: one operation for each function of thread_server.h but the server. */
#include "2-thread-server/thread_server.h"

#include "2-thread-server/bindings.h"
#include "tests/ops_clinic.h"

static void run_ideal_size(struct player_call *c)
{
	c->result[0] = pool_ideal_size((unsigned)c->arg[0], (uint64_t)c->arg[1],
				       (uint64_t)c->arg[2], (unsigned)c->arg[3]);
}

const struct binding bindings[] = {
	{ OP_CLINIC_SQUARE, run_clinic },
	{ OP_CLINIC_ADD, run_clinic },
	{ OP_CLINIC_NEXT_ID, run_clinic },
	{ OP_CLINIC_MONTH, run_clinic },
	{ OP_CLINIC_ERRTEXT, run_clinic },
	{ OP_CLINIC_INIT_ONCE, run_clinic },
	{ OP_CLINIC_SUM_PARALLEL, run_clinic },
	{ OP_CLINIC_GREETING, run_clinic },
	{ OP_CLINIC_TRANSFER, run_clinic },
	{ OP_CLINIC_TOTAL, run_clinic },
	{ OP_CLINIC_SUM, run_clinic },
	{ OP_CLINIC_INSIDE + 0, run_clinic },
	{ OP_CLINIC_INSIDE + 1, run_clinic },
	{ OP_CLINIC_INSIDE + 2, run_clinic },
	{ OP_CLINIC_INSIDE + 3, run_clinic },
	{ OP_CLINIC_INSIDE + 4, run_clinic },
	{ OP_CLINIC_INSIDE + 5, run_clinic },
	{ OP_CLINIC_INSIDE + 6, run_clinic },
	{ OP_CLINIC_INSIDE + 7, run_clinic },
	{ OP_CLINIC_INSIDE + 8, run_clinic },
	{ OP_CLINIC_INSIDE + 9, run_clinic },
	{ OP_POOL_IDEAL_SIZE, run_ideal_size },
	{ 0 },
};
