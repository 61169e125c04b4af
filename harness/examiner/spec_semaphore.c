/* The semaphore, one operation after another: its state is one number. */
#include "spec_semaphore.h"

#include <errno.h>

static size_t state_bytes(const void *parameters)
{
	(void)parameters;
	return sizeof(uint32_t);
}

static void start(const void *parameters, void *state)
{
	const struct semaphore_parameters *p = parameters;
	uint32_t *value = state;

	*value = p->initial;
}

static bool take(uint32_t *value)
{
	if (*value == 0)
		return false;
	--*value;
	return true;
}

static bool give(uint32_t *value, uint32_t max)
{
	if (*value == max)
		return false;
	++*value;
	return true;
}

static bool apply(const void *parameters, void *state, const struct operation *o)
{
	const struct semaphore_parameters *p = parameters;
	uint32_t *value = state;

	switch ((enum semaphore_op)o->op) {
	case SEMAPHORE_WAIT:
		return take(value);
	case SEMAPHORE_TRY_WAIT:
		if (o->result[0])
			return o->result[0] == EAGAIN && *value == 0;
		return take(value);
	case SEMAPHORE_POST:
		if (o->result[0])
			return o->result[0] == EOVERFLOW && *value == p->max;
		return give(value, p->max);
	}
	return false;
}

static bool effect(const void *parameters, void *state, const struct operation *o,
		   unsigned alternative)
{
	const struct semaphore_parameters *p = parameters;

	if (alternative > 0)
		return false;
	return o->op == SEMAPHORE_POST ? give(state, p->max) : take(state);
}

static bool sleeps(const void *parameters, const void *state, const struct operation *o)
{
	const uint32_t *value = state;

	(void)parameters;
	return o->op == SEMAPHORE_WAIT && *value == 0;
}

const struct specification spec_semaphore = {
	.name = "a counting semaphore",
	.state_bytes = state_bytes,
	.start = start,
	.apply = apply,
	.effect = effect,
	.sleeps = sleeps,
};
