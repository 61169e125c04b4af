/* From "push push | pop ; close" to a script. */
#include <stdlib.h>
#include <string.h>

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

struct writer {
	struct explore_script *out;
	uint64_t seed;
	uint8_t phase, thread;
};

static struct explore_op *put(struct writer *w, uint16_t op)
{
	if (w->out->ops == EXPLORE_OPS || w->thread >= EXPLORE_THREADS ||
	    w->phase >= EXPLORE_PHASES)
		fault("a script is too long");
	struct explore_op *o = &w->out->op[w->out->ops++];
	*o = (struct explore_op){ .thread = w->thread, .phase = w->phase, .op = op };
	if (w->thread > w->out->threads)
		w->out->threads = w->thread;
	w->out->phases = w->phase + 1u;
	return o;
}

/* Items are distinct, positive, and no small numbers that a program could hit by chance. Those of
 * payload tests are cells. */
static int64_t item(struct writer *w, uint16_t op, int64_t *value)
{
	*value = (int64_t)(schedule_mix(w->seed, w->out->ops + 1000u) >> 8);
	if (op == OP_BQ_PUSH_CELL)
		return w->out->ops % LAB3_CELLS;
	return (int64_t)(schedule_mix(w->seed, w->out->ops) >> 16 << 6 | w->out->ops);
}

static void put_word(struct writer *w, const char *text, size_t length)
{
	const char *colon = memchr(text, ':', length);
	const size_t name = colon ? (size_t)(colon - text) : length;

	for (size_t i = 0; i < WORDS; i++) {
		if (strlen(words[i].word) != name || strncmp(words[i].word, text, name) != 0)
			continue;
		struct explore_op *o = put(w, words[i].op);
		int64_t number = colon ? strtoll(colon + 1, NULL, 10) : 0;
		if (number > 0 && (o->op == OP_BQ_PUSH_UNTIL || o->op == OP_BQ_POP_UNTIL))
			number += EXPLORE_START_NS / 1000;
		if (words[i].item) {
			o->arg[0] = item(w, o->op, &o->arg[1]);
			if (colon)
				o->arg[1] = number;
		} else {
			o->arg[0] = number;
		}
		if (o->op == OP_BQ_PUSH_RUN) {
			o->arg[0] = ((int64_t)o->thread << LAB3_ITEM_BITS) + 1;
			o->arg[1] = number;
		} else if (o->op == OP_BQ_POP_RUN) {
			o->arg[1] = (int64_t)(schedule_mix(w->seed, 0) >> 16);
		}
		return;
	}
	fault("a script holds the unknown word '%.*s'", (int)name, text);
}

static unsigned columns_of(const char *threads)
{
	unsigned most = 1, now = 1;

	for (const char *p = threads; *p; p++) {
		now = *p == ';' ? 1 : now + (*p == '|');
		most = now > most ? now : most;
	}
	return most;
}

/* The phases of the keeper, who is the last thread. */
static void keep(struct writer *w, unsigned keeper, uint16_t op, int64_t a, int64_t b)
{
	w->thread = (uint8_t)keeper;
	struct explore_op *o = put(w, op);
	o->arg[0] = a;
	o->arg[1] = b;
	w->phase++;
}

void script_of(const char *threads, const struct subject *subject, uint64_t seed,
	       struct explore_script *out)
{
	struct writer w = { .out = out, .seed = seed };
	const unsigned keeper = columns_of(threads) + 1;

	*out = (struct explore_script){ 0 };
	if (subject->semaphore)
		keep(&w, keeper, OP_CSEM_CREATE, subject->initial, subject->capacity);
	else
		keep(&w, keeper, OP_BQ_CREATE, subject->capacity, 0);
	w.thread = 1;
	for (const char *p = threads; *p;) {
		const size_t n = strcspn(p, " |;");
		if (n)
			put_word(&w, p, n);
		p += n;
		if (*p == '|')
			w.thread++;
		if (*p == ';') {
			w.phase++;
			w.thread = 1;
		}
		p += *p != '\0';
	}
	w.phase++;
	for (unsigned i = w.out->ops; subject->semaphore && i-- > 0;)
		if (out->op[i].op == OP_CSEM_WAIT) { /* nobody may be asleep at the end */
			w.thread = (uint8_t)keeper;
			(void)put(&w, OP_CSEM_POST);
		}
	if (subject->semaphore)
		w.phase++;
	if (!subject->semaphore && !strstr(threads, "close"))
		keep(&w, keeper, OP_BQ_CLOSE, 0, 0);
	if (!subject->semaphore)
		keep(&w, keeper, OP_BQ_DRAIN, 0, 0);
	keep(&w, keeper, subject->semaphore ? OP_CSEM_DESTROY : OP_BQ_DESTROY, 0, 0);
}
