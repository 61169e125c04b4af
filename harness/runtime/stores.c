/* Store histories. (Weak executions are not modelled yet: every load reads the newest store.) */
#include "runtime/stores.h"

uint64_t store_load(struct object *o, uint64_t newest, bool seq_cst, bool acquire)
{
	(void)seq_cst;
	clock_join(acquire ? &self->clock : &self->acquired, &o->clock);
	return newest;
}

void store_note(struct object *o, uint64_t old, uint64_t value, uint32_t epoch, bool seq_cst)
{
	(void)o;
	(void)old;
	(void)value;
	(void)epoch;
	(void)seq_cst;
}

void store_fence(void)
{
}
