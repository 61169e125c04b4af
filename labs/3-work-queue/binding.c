/* Lab 3 in the player: one operation for each function of bqueue.h. An operation takes up to four
 * numbers and gives up to four, so that the examiner can call it from outside, one at a time, and
 * the explorer can play it as a step of a script. */
#include "3-work-queue/bqueue.h"

#include <stdlib.h>
#include <string.h>

#include "subject/binding.h"
#include "subject/fault.h"
#include "tests/ops.h"

static struct bq *queue; /* the one under test; operations are not called before OP_BQ_CREATE */
static struct csem *semaphore;
static int64_t cell[LAB3_CELLS]; /* what items of payload tests point to */

static void *to_item(int64_t number)
{
	return (void *)(uintptr_t)number;
}

static int64_t to_number(const void *item)
{
	return (int64_t)(uintptr_t)item;
}

static void run_create(struct player_call *c)
{
	int64_t before = fault_blocks();

	fault_arm((uint64_t)c->arg[1]);
	c->result[0] = bq_create(&queue, (size_t)c->arg[0]);
	c->result[1] = fault_disarm();
	c->result[2] = fault_blocks() - before;
}

static void run_destroy(struct player_call *c)
{
	fault_guard(cell, sizeof(cell));
	bq_destroy(queue);
	queue = NULL;
	c->result[0] = 0;
	c->result[1] = (int64_t)fault_refused();
}

static void run_push(struct player_call *c)
{
	c->result[0] = bq_push(queue, to_item(c->arg[0]));
}

static void run_pop(struct player_call *c)
{
	void *item = NULL;

	c->result[0] = bq_pop(queue, &item);
	c->result[1] = to_number(item);
}

static void run_try_push(struct player_call *c)
{
	c->result[0] = bq_try_push(queue, to_item(c->arg[0]));
}

static void run_try_pop(struct player_call *c)
{
	void *item = NULL;

	c->result[0] = bq_try_pop(queue, &item);
	c->result[1] = to_number(item);
}

static void run_push_until(struct player_call *c)
{
	c->result[0] = bq_push_until(queue, to_item(c->arg[0]), (uint64_t)c->arg[1]);
}

static void run_pop_until(struct player_call *c)
{
	void *item = NULL;

	c->result[0] = bq_pop_until(queue, &item, (uint64_t)c->arg[0]);
	c->result[1] = to_number(item);
}

static void run_pop_many(struct player_call *c)
{
	void *item[2] = { NULL, NULL };
	size_t n = 0;

	c->result[0] = bq_pop_many(queue, item, c->arg[0] == 2 ? 2 : 1, &n);
	c->result[1] = (int64_t)n;
	c->result[2] = to_number(item[0]);
	c->result[3] = to_number(item[1]);
}

static void run_close(struct player_call *c)
{
	bq_close(queue);
	c->result[0] = 0;
}

static void run_size(struct player_call *c)
{
	c->result[0] = (int64_t)bq_size(queue);
}

static void run_push_cell(struct player_call *c)
{
	int64_t *payload = &cell[(size_t)c->arg[0] % LAB3_CELLS];

	*payload = c->arg[1];
	c->result[0] = bq_push(queue, payload);
}

/* An item that is no cell comes back as cell -1: the queue made it up. */
static void run_pop_cell(struct player_call *c)
{
	void *item = NULL;

	c->result[0] = bq_pop(queue, &item);
	c->result[1] = -1;
	for (int64_t i = 0; i < LAB3_CELLS; i++)
		if (c->result[0] == 0 && item == &cell[i])
			c->result[1] = i;
	if (c->result[1] >= 0)
		c->result[2] = cell[c->result[1]];
}

static void run_csem_create(struct player_call *c)
{
	c->result[0] = csem_create(&semaphore, (unsigned)c->arg[0], (unsigned)c->arg[1]);
}

static void run_csem_destroy(struct player_call *c)
{
	csem_destroy(semaphore);
	semaphore = NULL;
	c->result[0] = 0;
}

static void run_csem_wait(struct player_call *c)
{
	csem_wait(semaphore);
	c->result[0] = 0;
}

static void run_csem_try_wait(struct player_call *c)
{
	c->result[0] = csem_try_wait(semaphore);
}

static void run_csem_post(struct player_call *c)
{
	c->result[0] = csem_post(semaphore);
}

static void run_push_run(struct player_call *c)
{
	c->result[0] = 0;
	for (int64_t i = 0; i < c->arg[1] && c->result[0] == 0; i++)
		c->result[0] = bq_push(queue, to_item(c->arg[0] + i));
}

static void run_pop_run(struct player_call *c)
{
	int64_t last[LAB3_PRODUCERS] = { 0 };

	for (int64_t i = 0; i < c->arg[0]; i++) {
		void *taken = NULL;
		c->result[0] = bq_pop(queue, &taken);
		if (c->result[0])
			break;
		int64_t item = to_number(taken);
		int64_t *seen = &last[(size_t)(item >> LAB3_ITEM_BITS) % LAB3_PRODUCERS];
		c->result[1] += lab3_mark(c->arg[1], item);
		c->result[2] += item <= *seen;
		*seen = item;
	}
}

static void run_drain(struct player_call *c)
{
	void *item;

	for (int i = 0; i < LAB3_CELLS && bq_try_pop(queue, &item) == 0; i++)
		;
	c->result[0] = 0;
}

static void run_blocks(struct player_call *c)
{
	c->result[0] = fault_blocks();
}

static void run_script(struct player_call *c);

const struct binding bindings[] = {
	{ OP_BQ_CREATE, run_create },
	{ OP_BQ_DESTROY, run_destroy },
	{ OP_BQ_PUSH, run_push },
	{ OP_BQ_POP, run_pop },
	{ OP_BQ_TRY_PUSH, run_try_push },
	{ OP_BQ_TRY_POP, run_try_pop },
	{ OP_BQ_PUSH_UNTIL, run_push_until },
	{ OP_BQ_POP_UNTIL, run_pop_until },
	{ OP_BQ_POP_MANY, run_pop_many },
	{ OP_BQ_CLOSE, run_close },
	{ OP_BQ_SIZE, run_size },
	{ OP_BQ_PUSH_CELL, run_push_cell },
	{ OP_BQ_POP_CELL, run_pop_cell },
	{ OP_BQ_SCRIPT, run_script },
	{ OP_CSEM_CREATE, run_csem_create },
	{ OP_CSEM_DESTROY, run_csem_destroy },
	{ OP_CSEM_WAIT, run_csem_wait },
	{ OP_CSEM_TRY_WAIT, run_csem_try_wait },
	{ OP_CSEM_POST, run_csem_post },
	{ OP_BQ_PUSH_RUN, run_push_run },
	{ OP_BQ_POP_RUN, run_pop_run },
	{ OP_BQ_DRAIN, run_drain },
	{ OP_BLOCKS, run_blocks },
	{ 0 },
};

static void run_step(struct lab3_step *step)
{
	struct player_call one = { .arg = { step->value } };

	for (const struct binding *b = bindings; b->op; b++)
		if (b->op == step->what && b->op != OP_BQ_SCRIPT)
			b->run(&one);
	*step = (struct lab3_step){ one.result[0], one.result[1] };
}

/* Thousands of operations in one message: the script's values come from outside, its results are
 * judged outside. */
static void run_script(struct player_call *c)
{
	size_t count = c->data_len / sizeof(struct lab3_step);

	for (size_t i = 0; i < count; i++) {
		struct lab3_step step;
		memcpy(&step, c->data + i * sizeof(step), sizeof(step));
		run_step(&step);
		memcpy(c->data + i * sizeof(step), &step, sizeof(step));
	}
}
