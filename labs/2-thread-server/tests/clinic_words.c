/* From "add:5 | add:7 ; sum" to a script. */
#include <stdlib.h>
#include <string.h>

#include "clinic.h"
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

static void put_word(struct explore_script *out, unsigned thread, unsigned phase, uint64_t seed,
		     const char *text, size_t length)
{
	const size_t name = strcspn(text, ": |;");

	for (size_t i = 0; i < WORDS; i++) {
		if (strlen(words[i].word) != name || strncmp(words[i].word, text, name) != 0)
			continue;
		if (out->ops == EXPLORE_OPS || thread >= EXPLORE_THREADS || phase >= EXPLORE_PHASES)
			fault("a script is too long");
		struct explore_op *o = &out->op[out->ops++];
		*o = (struct explore_op){ .thread = (uint8_t)thread,
					  .phase = (uint8_t)phase,
					  .op = words[i].op };
		put_arguments(o, text + name, text + length);
		if (o->op == OP_CLINIC_SUM_PARALLEL) {
			o->arg[2] = (int64_t)(schedule_mix(seed, out->ops) >> 16);
		} else if (o->op == OP_CLINIC_INSIDE) {
			o->op = (uint16_t)(o->op + o->arg[0]);
			memmove(&o->arg[0], &o->arg[1], (EXPLORE_ARGS - 1) * sizeof(o->arg[0]));
		}
		out->threads = thread > out->threads ? thread : out->threads;
		out->phases = phase + 1;
		return;
	}
	fault("a script holds the unknown word '%.*s'", (int)name, text);
}

void clinic_script(const char *threads, uint64_t seed, struct explore_script *out)
{
	unsigned thread = 1, phase = 0;

	*out = (struct explore_script){ 0 };
	for (const char *p = threads; *p;) {
		const size_t n = strcspn(p, " |;");
		if (n)
			put_word(out, thread, phase, seed, p, n);
		p += n;
		if (*p == '|')
			thread++;
		if (*p == ';') {
			phase++;
			thread = 1;
		}
		p += *p != '\0';
	}
}
