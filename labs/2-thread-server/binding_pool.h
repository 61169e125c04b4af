/* binding_pool.h - parts C and E, for the table in binding.c: tests/ops_pool.h says what each does.
 */
#ifndef LAB2_BINDING_POOL_H
#define LAB2_BINDING_POOL_H
#include "subject/binding.h"

binding_fn pool_run_create, pool_run_submit, pool_run_wait_idle, pool_run_shutdown,
	pool_run_destroy, pool_run_open, pool_run_state, pool_run_many, pool_run_pause,
	pool_run_burn, pool_run_measure, pool_run_load, pool_run_ideal_size;
#endif
