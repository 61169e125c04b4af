/* The bounded queue, one operation after another. */
#include "spec_queue.h"

#include <errno.h>
#include <string.h>

/* Items stand from 0 on, so that equal queues have equal bytes. */
struct queue_state {
	uint32_t count, closed;
	int64_t item[]; /* capacity */
};

static uint32_t capacity_of(const void *parameters)
{
	const struct queue_parameters *p = parameters;

	return p->capacity;
}

static size_t state_bytes(const void *parameters)
{
	return sizeof(struct queue_state) + capacity_of(parameters) * sizeof(int64_t);
}

static void start(const void *parameters, void *state)
{
	(void)parameters;
	(void)state; /* empty and open */
}

static void drop(struct queue_state *q, uint32_t n)
{
	q->count -= n;
	memmove(q->item, q->item + n, q->count * sizeof(q->item[0]));
	memset(q->item + q->count, 0, n * sizeof(q->item[0]));
}

/* What push and its kin answer when they do not insert; -1: none of that can be. */
static int refusal_of_push(const struct queue_state *q, uint32_t capacity, uint16_t op)
{
	if (q->closed)
		return EPIPE;
	if (q->count < capacity)
		return -1;
	return op == QUEUE_TRY_PUSH ? EAGAIN : op == QUEUE_PUSH_UNTIL ? ETIMEDOUT : -1;
}

static int refusal_of_pop(const struct queue_state *q, uint16_t op)
{
	if (q->count > 0)
		return -1;
	if (q->closed)
		return EPIPE;
	return op == QUEUE_TRY_POP ? EAGAIN : op == QUEUE_POP_UNTIL ? ETIMEDOUT : -1;
}

static bool push(struct queue_state *q, uint32_t capacity, const struct operation *o)
{
	if (o->result[0])
		return o->result[0] == refusal_of_push(q, capacity, o->op);
	if (q->closed || q->count == capacity)
		return false;
	q->item[q->count++] = o->arg[0];
	return true;
}

static bool pop(struct queue_state *q, const struct operation *o)
{
	if (o->result[0])
		return o->result[0] == refusal_of_pop(q, o->op);
	if (q->count == 0 || q->item[0] != o->result[1])
		return false;
	drop(q, 1);
	return true;
}

static bool pop_many(struct queue_state *q, const struct operation *o)
{
	if (o->result[0])
		return o->result[0] == refusal_of_pop(q, o->op);
	if (o->result[1] < 1 || o->result[1] > QUEUE_MANY_MAX || o->result[1] > o->arg[0] ||
	    o->result[1] > q->count)
		return false;
	for (int64_t i = 0; i < o->result[1]; i++)
		if (q->item[i] != o->result[2 + i])
			return false;
	drop(q, (uint32_t)o->result[1]);
	return true;
}

static bool apply(const void *parameters, void *state, const struct operation *o)
{
	struct queue_state *q = state;

	switch ((enum queue_op)o->op) {
	case QUEUE_PUSH:
	case QUEUE_TRY_PUSH:
	case QUEUE_PUSH_UNTIL:
		return push(q, capacity_of(parameters), o);
	case QUEUE_POP:
	case QUEUE_TRY_POP:
	case QUEUE_POP_UNTIL:
		return pop(q, o);
	case QUEUE_POP_MANY:
		return pop_many(q, o);
	case QUEUE_CLOSE:
		q->closed = 1;
		return true;
	case QUEUE_SIZE:
		return o->result[0] == q->count;
	}
	return false;
}

/* Refusals and sizes change nothing: a pending operation with such an answer need not be placed. */
static bool effect(const void *parameters, void *state, const struct operation *o,
		   unsigned alternative)
{
	struct queue_state *q = state;

	switch ((enum queue_op)o->op) {
	case QUEUE_PUSH:
	case QUEUE_TRY_PUSH:
	case QUEUE_PUSH_UNTIL:
		if (alternative > 0 || q->closed || q->count == capacity_of(parameters))
			return false;
		q->item[q->count++] = o->arg[0];
		return true;
	case QUEUE_POP:
	case QUEUE_TRY_POP:
	case QUEUE_POP_UNTIL:
		if (alternative > 0 || q->count == 0)
			return false;
		drop(q, 1);
		return true;
	case QUEUE_POP_MANY:
		if (alternative >= q->count || alternative >= QUEUE_MANY_MAX ||
		    alternative >= o->arg[0])
			return false;
		drop(q, alternative + 1);
		return true;
	case QUEUE_CLOSE:
		if (alternative > 0)
			return false;
		q->closed = 1;
		return true;
	case QUEUE_SIZE:
		return false;
	}
	return false;
}

static bool sleeps(const void *parameters, const void *state, const struct operation *o)
{
	const struct queue_state *q = state;

	switch ((enum queue_op)o->op) {
	case QUEUE_PUSH:
	case QUEUE_PUSH_UNTIL:
		return !q->closed && q->count == capacity_of(parameters);
	case QUEUE_POP:
	case QUEUE_POP_UNTIL:
	case QUEUE_POP_MANY:
		return !q->closed && q->count == 0;
	case QUEUE_TRY_PUSH:
	case QUEUE_TRY_POP:
	case QUEUE_CLOSE:
	case QUEUE_SIZE:
		return false;
	}
	return false;
}

const struct specification spec_queue = {
	.name = "a bounded FIFO queue",
	.state_bytes = state_bytes,
	.start = start,
	.apply = apply,
	.effect = effect,
	.sleeps = sleeps,
};
