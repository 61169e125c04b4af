/* From "push push | pop ; close" to a script. */
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "explored.h"
#include "ops.h"

static const struct word {
	const char *word, *function;
	uint16_t op;
	bool item; /* its first argument is an item                                            */
} words[] = {
	{ "push", "bq_push", OP_BQ_PUSH, true },
	{ "pop", "bq_pop", OP_BQ_POP, false },
	{ "try_push", "bq_try_push", OP_BQ_TRY_PUSH, true },
	{ "try_pop", "bq_try_pop", OP_BQ_TRY_POP, false },
	{ "push_until", "bq_push_until", OP_BQ_PUSH_UNTIL, true },
	{ "pop_until", "bq_pop_until", OP_BQ_POP_UNTIL, false },
	{ "many", "bq_pop_many", OP_BQ_POP_MANY, false },
	{ "close", "bq_close", OP_BQ_CLOSE, false },
	{ "size", "bq_size", OP_BQ_SIZE, false },
	{ "push_cell", "bq_push", OP_BQ_PUSH_CELL, true },
	{ "pop_cell", "bq_pop", OP_BQ_POP_CELL, false },
	{ "push_run", "bq_push", OP_BQ_PUSH_RUN, false },
	{ "pop_run", "bq_pop", OP_BQ_POP_RUN, false },
	{ "drain", "bq_try_pop", OP_BQ_DRAIN, false },
	{ "create", "bq_create", OP_BQ_CREATE, false },
	{ "destroy", "bq_destroy", OP_BQ_DESTROY, false },
	{ "wait", "csem_wait", OP_CSEM_WAIT, false },
	{ "try_wait", "csem_try_wait", OP_CSEM_TRY_WAIT, false },
	{ "post", "csem_post", OP_CSEM_POST, false },
	{ "csem_create", "csem_create", OP_CSEM_CREATE, false },
	{ "csem_destroy", "csem_destroy", OP_CSEM_DESTROY, false },
};
#define WORDS (sizeof(words) / sizeof(words[0]))

const char *function_of(uint16_t op)
{
	for (size_t i = 0; i < WORDS; i++)
		if (words[i].op == op)
			return words[i].function;
	return "an operation";
}

/* Items are distinct, positive, and no small numbers that a program could hit by chance. Those of
 * payload tests are cells. */
static int64_t item(const struct explore_script *out, uint64_t seed, uint16_t op, int64_t *value)
{
	*value = (int64_t)(schedule_mix(seed, out->ops + 1000u) >> 8);
	if (op == OP_BQ_PUSH_CELL)
		return out->ops % LAB3_CELLS;
	return (int64_t)(schedule_mix(seed, out->ops) >> 16 << 6 | out->ops);
}

static void put_word(struct columns *c, const char *text, size_t length, void *context)
{
	const uint64_t seed = *(const uint64_t *)context;
	const char *colon = memchr(text, ':', length);
	const size_t name = colon ? (size_t)(colon - text) : length;

	for (size_t i = 0; i < WORDS; i++) {
		if (strlen(words[i].word) != name || strncmp(words[i].word, text, name) != 0)
			continue;
		struct explore_op *o = columns_put(c, words[i].op);
		int64_t number = colon ? strtoll(colon + 1, NULL, 10) : 0;
		if (number > 0 && (o->op == OP_BQ_PUSH_UNTIL || o->op == OP_BQ_POP_UNTIL))
			number += EXPLORE_START_NS / 1000;
		if (words[i].item) {
			o->arg[0] = item(c->out, seed, o->op, &o->arg[1]);
			if (colon)
				o->arg[1] = number;
		} else {
			o->arg[0] = number;
		}
		if (o->op == OP_BQ_PUSH_RUN) {
			o->arg[0] = ((int64_t)o->thread << LAB3_ITEM_BITS) + 1;
			o->arg[1] = number;
		} else if (o->op == OP_BQ_POP_RUN) {
			o->arg[1] = (int64_t)(schedule_mix(seed, 0) >> 16);
		}
		return;
	}
	fault("a script holds the unknown word '%.*s'", (int)name, text);
}

void script_of(const char *threads, const struct subject *subject, uint64_t seed,
	       struct explore_script *out)
{
	struct columns c = columns_begin(out);
	const uint8_t keeper = columns_keeper(threads);

	if (subject->semaphore)
		columns_keep(&c, keeper, OP_CSEM_CREATE, subject->initial, subject->capacity);
	else
		columns_keep(&c, keeper, OP_BQ_CREATE, subject->capacity, 0);
	columns_text(&c, threads, put_word, &seed);
	c.phase++;
	for (unsigned i = out->ops; subject->semaphore && i-- > 0;)
		if (out->op[i].op == OP_CSEM_WAIT) { /* nobody may be asleep at the end */
			c.thread = keeper;
			(void)columns_put(&c, OP_CSEM_POST);
		}
	if (subject->semaphore)
		c.phase++;
	if (!subject->semaphore && !strstr(threads, "close"))
		columns_keep(&c, keeper, OP_BQ_CLOSE, 0, 0);
	if (!subject->semaphore)
		columns_keep(&c, keeper, OP_BQ_DRAIN, 0, 0);
	columns_keep(&c, keeper, subject->semaphore ? OP_CSEM_DESTROY : OP_BQ_DESTROY, 0, 0);
}
