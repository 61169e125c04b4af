/* Lab 2 in the player: one operation for each function of thread_server.h but the server. */
#include "2-thread-server/binding_pool.h"
#include "2-thread-server/bindings.h"
#include "tests/ops_clinic.h"
#include "tests/ops_pool.h"

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
	{ OP_POOL_CREATE, pool_run_create },
	{ OP_POOL_SUBMIT, pool_run_submit },
	{ OP_POOL_TRY_SUBMIT, pool_run_submit },
	{ OP_POOL_WAIT_IDLE, pool_run_wait_idle },
	{ OP_POOL_SHUTDOWN, pool_run_shutdown },
	{ OP_POOL_DESTROY, pool_run_destroy },
	{ OP_POOL_OPEN, pool_run_open },
	{ OP_POOL_STATE, pool_run_state },
	{ OP_POOL_MANY, pool_run_many },
	{ OP_POOL_PAUSE, pool_run_pause },
	{ OP_POOL_BURN, pool_run_burn },
	{ OP_POOL_MEASURE, pool_run_measure },
	{ OP_POOL_LOAD, pool_run_load },
	{ OP_POOL_IDEAL_SIZE, pool_run_ideal_size },
	{ 0 },
};
