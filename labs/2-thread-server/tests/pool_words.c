/* From "submit submit:meet | idle ; drain" to a script. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "pool.h"

static const struct word {
	const char *word, *function;
	uint16_t op;
	int64_t arg;
} words[] = {
	{ "submit", "pool_submit", OP_POOL_SUBMIT, 0 },
	{ "try", "pool_try_submit", OP_POOL_TRY_SUBMIT, 0 },
	{ "idle", "pool_wait_idle", OP_POOL_WAIT_IDLE, 0 },
	{ "drain", "pool_shutdown", OP_POOL_SHUTDOWN, 1 },
	{ "drop", "pool_shutdown", OP_POOL_SHUTDOWN, 0 },
	{ "destroy", "pool_destroy", OP_POOL_DESTROY, 0 },
	{ "open", "the gate", OP_POOL_OPEN, 0 },
	{ "pause", "a pause", OP_POOL_PAUSE, 0 },
	{ "create", "pool_create", OP_POOL_CREATE, 0 },
	{ "many", "pool_submit", OP_POOL_MANY, 0 },
	{ "measure", "pool_measure", OP_POOL_MEASURE, 0 },
	{ "size", "pool_ideal_size", OP_POOL_IDEAL_SIZE, 0 },
};
#define WORDS (sizeof(words) / sizeof(words[0]))

static const char *const kinds[POOL_KINDS] = { "plain", "meet",    "gated", "shuts",
					       "waits", "submits", "frees" };

const char *pool_function(uint16_t op)
{
	for (size_t i = 0; i < WORDS; i++)
		if (words[i].op == op)
			return words[i].function;
	return "an operation";
}

/* What the judge wants to know stands in arg[2]: no status is demanded unless the text does. */
static struct explore_op *put(struct columns *c, uint16_t op)
{
	struct explore_op *o = columns_put(c, op);

	o->arg[2] = POOL_ANY;
	return o;
}

static int64_t kind_of(const char *name)
{
	for (int64_t kind = 0; kind < POOL_KINDS; kind++)
		if (strcmp(kinds[kind], name) == 0)
			return kind;
	fault("a script holds a task of the unknown kind '%s'", name);
}

static int64_t status_of(const char *name)
{
	static const int status[] = { EAGAIN, EDEADLK, ECANCELED, EINVAL };

	for (size_t i = 0; i < sizeof(status) / sizeof(status[0]); i++)
		if (strcmp(strerrorname_np(status[i]), name) == 0)
			return status[i];
	fault("a script holds the unknown status '%s'", name);
}

/* Cuts the text at the mark; what stood behind it, or NULL. */
static char *cut(char *text, char mark)
{
	char *at = strchr(text, mark);

	if (at)
		*at++ = '\0';
	return at;
}

/* *context: how many tasks have been given. */
static void put_word(struct columns *c, const char *text, size_t length, void *context)
{
	int64_t *tasks = context;
	char word[64];

	if (length >= sizeof(word))
		fault("a script holds a long word");
	memcpy(word, text, length);
	word[length] = '\0';
	const bool sleeps = cut(word, '~') != NULL;
	const char *status = cut(word, '=');
	const char *detail = cut(word, ':');
	for (size_t i = 0; i < WORDS; i++) {
		if (strcmp(words[i].word, word) != 0)
			continue;
		struct explore_op *o = put(c, words[i].op);
		o->arg[0] = words[i].arg;
		if (o->op == OP_POOL_SUBMIT || o->op == OP_POOL_TRY_SUBMIT) {
			o->arg[0] = (*tasks)++;
			o->arg[1] = detail ? kind_of(detail) : POOL_PLAIN;
			if (*tasks > POOL_OWN)
				fault("a script has too many tasks");
		} else if (detail) {
			o->arg[0] = strtoll(detail, NULL, 10);
		}
		if (status)
			o->arg[2] = status_of(status);
		o->arg[3] = sleeps;
		return;
	}
	fault("a script holds the unknown word '%s'", word);
}

static void keep(struct columns *c, uint8_t keeper, uint16_t op, int64_t a, int64_t b)
{
	const uint32_t at = c->out->ops;

	columns_keep(c, keeper, op, a, b);
	c->out->op[at].arg[2] = POOL_ANY;
}

/* The first one has no place for its last thread, the second one has. */
static void create_twice(struct columns *c, uint8_t keeper, const struct pool_shape *shape)
{
	const uint32_t at = c->out->ops;

	columns_keep(c, keeper, OP_POOL_CREATE, shape->left + 1, shape->capacity);
	c->out->op[at].arg[2] = EAGAIN;
	keep(c, keeper, OP_POOL_CREATE, shape->left, shape->capacity);
}

void pool_script(const char *text, const struct pool_shape *shape, struct explore_script *out)
{
	struct columns c = columns_begin(out);
	const uint8_t keeper = columns_keeper(text);
	int64_t tasks = 0;

	if (shape->left)
		create_twice(&c, keeper, shape);
	else
		keep(&c, keeper, OP_POOL_CREATE, shape->threads, shape->capacity);
	columns_text(&c, text, put_word, &tasks);
	c.phase++;
	keep(&c, keeper, OP_POOL_STATE, 0, 0);
	if (!strstr(text, "destroy") && !strstr(text, "drain") && !strstr(text, "drop"))
		keep(&c, keeper, OP_POOL_SHUTDOWN, 1, 0);
	if (!strstr(text, "destroy"))
		keep(&c, keeper, OP_POOL_DESTROY, 0, 0);
	keep(&c, keeper, OP_POOL_STATE, 0, 0);
	if (shape->left) /* the others only take up places */
		out->threads = EXPLORE_THREADS - 1 - shape->left;
}
