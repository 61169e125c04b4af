/* From "add:5 | add:7 ; sum" to a script. */
#include <stdlib.h>
#include <string.h>

#include "clinic.h"
#include "columns.h"
#include "ops_clinic.h"

static const struct word {
	const char *word, *function;
	uint16_t op;
} words[] = {
	{ "square", "clinic_square", OP_CLINIC_SQUARE },
	{ "add", "clinic_add", OP_CLINIC_ADD },
	{ "sum", "clinic_add", OP_CLINIC_SUM },
	{ "id", "clinic_next_id", OP_CLINIC_NEXT_ID },
	{ "month", "clinic_month", OP_CLINIC_MONTH },
	{ "errtext", "clinic_errtext", OP_CLINIC_ERRTEXT },
	{ "init", "clinic_init_once", OP_CLINIC_INIT_ONCE },
	{ "parallel", "clinic_sum_parallel", OP_CLINIC_SUM_PARALLEL },
	{ "greet", "clinic_spawn_greeting", OP_CLINIC_GREETING },
	{ "move", "clinic_transfer", OP_CLINIC_TRANSFER },
	{ "total", "clinic_balance_total", OP_CLINIC_TOTAL },
	{ "inside", NULL, OP_CLINIC_INSIDE },
};
#define WORDS (sizeof(words) / sizeof(words[0]))

const char *clinic_function(uint16_t op)
{
	const uint16_t of = op >= OP_CLINIC_INSIDE ? (uint16_t)(op - OP_CLINIC_INSIDE + OP_CLINIC)
						   : op;

	for (size_t i = 0; i < WORDS; i++)
		if (words[i].op == of && words[i].function)
			return words[i].function;
	return "an operation";
}

/* The numbers behind the word's colons. */
static void put_arguments(struct explore_op *o, const char *text, const char *end)
{
	unsigned n = 0;

	for (const char *p = text; p < end && n < EXPLORE_ARGS; p++)
		if (*p == ':')
			o->arg[n++] = strtoll(p + 1, NULL, 10);
}

static void put_word(struct columns *c, const char *text, size_t length, void *context)
{
	const uint64_t seed = *(const uint64_t *)context;
	const size_t name = strcspn(text, ": |;");

	for (size_t i = 0; i < WORDS; i++) {
		if (strlen(words[i].word) != name || strncmp(words[i].word, text, name) != 0)
			continue;
		struct explore_op *o = columns_put(c, words[i].op);
		put_arguments(o, text + name, text + length);
		if (o->op == OP_CLINIC_SUM_PARALLEL) {
			o->arg[2] = (int64_t)(schedule_mix(seed, c->out->ops) >> 16);
		} else if (o->op == OP_CLINIC_INSIDE) {
			o->op = (uint16_t)(o->op + o->arg[0]);
			memmove(&o->arg[0], &o->arg[1], (EXPLORE_ARGS - 1) * sizeof(o->arg[0]));
		}
		return;
	}
	fault("a script holds the unknown word '%.*s'", (int)name, text);
}

void clinic_script(const char *threads, uint64_t seed, struct explore_script *out)
{
	struct columns c = columns_begin(out);

	columns_text(&c, threads, put_word, &seed);
}
