/* bindings.h - the functions that the table in binding.c names, part by part. */
#ifndef LAB2_BINDINGS_H
#define LAB2_BINDINGS_H
#include "subject/binding.h"

binding_fn run_clinic; /* all operations of ops_clinic.h, told apart by their numbers          */

/* ops_pool.h */
binding_fn pool_run_create, pool_run_submit, pool_run_wait_idle, pool_run_shutdown,
	pool_run_destroy, pool_run_open, pool_run_state, pool_run_many, pool_run_pause,
	pool_run_burn, pool_run_measure, pool_run_load, pool_run_ideal_size;

binding_fn run_server; /* of ops_server.h */
#endif
