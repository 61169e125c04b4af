/* From "submit submit:meet | idle ; drain" to a script. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

struct writer {
	struct explore_script *out;
	uint8_t phase, thread;
	int64_t tasks; /* given so far                                                       */
};

static struct explore_op *put(struct writer *w, uint16_t op, int64_t a, int64_t b)
{
	if (w->out->ops == EXPLORE_OPS || w->thread >= EXPLORE_THREADS ||
	    w->phase >= EXPLORE_PHASES)
		fault("a script is too long");
	struct explore_op *o = &w->out->op[w->out->ops++];
	*o = (struct explore_op){ .thread = w->thread, .phase = w->phase, .op = op };
	o->arg[0] = a;
	o->arg[1] = b;
	o->arg[2] = POOL_ANY;
	if (w->thread > w->out->threads)
		w->out->threads = w->thread;
	w->out->phases = w->phase + 1u;
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

static void put_word(struct writer *w, const char *text, size_t length)
{
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
		struct explore_op *o = put(w, words[i].op, words[i].arg, 0);
		if (o->op == OP_POOL_SUBMIT || o->op == OP_POOL_TRY_SUBMIT) {
			o->arg[0] = w->tasks++;
			o->arg[1] = detail ? kind_of(detail) : POOL_PLAIN;
			if (w->tasks > POOL_OWN)
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

static unsigned columns_of(const char *text)
{
	unsigned most = 1, now = 1;

	for (const char *p = text; *p; p++) {
		now = *p == ';' ? 1 : now + (*p == '|');
		most = now > most ? now : most;
	}
	return most;
}

/* A phase of the keeper, who is the last thread. */
static void keep(struct writer *w, unsigned keeper, uint16_t op, int64_t a, int64_t b)
{
	w->thread = (uint8_t)keeper;
	(void)put(w, op, a, b);
	w->phase++;
}

/* The first one has no place for its last thread, the second one has. */
static void create_twice(struct writer *w, unsigned keeper, const struct pool_shape *shape)
{
	w->thread = (uint8_t)keeper;
	put(w, OP_POOL_CREATE, shape->left + 1, shape->capacity)->arg[2] = EAGAIN;
	w->phase++;
	keep(w, keeper, OP_POOL_CREATE, shape->left, shape->capacity);
}

void pool_script(const char *text, const struct pool_shape *shape, struct explore_script *out)
{
	struct writer w = { .out = out };
	const unsigned keeper = columns_of(text) + 1;

	*out = (struct explore_script){ 0 };
	if (shape->left)
		create_twice(&w, keeper, shape);
	else
		keep(&w, keeper, OP_POOL_CREATE, shape->threads, shape->capacity);
	w.thread = 1;
	for (const char *p = text; *p;) {
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
	keep(&w, keeper, OP_POOL_STATE, 0, 0);
	if (!strstr(text, "destroy") && !strstr(text, "drain") && !strstr(text, "drop"))
		keep(&w, keeper, OP_POOL_SHUTDOWN, 1, 0);
	if (!strstr(text, "destroy"))
		keep(&w, keeper, OP_POOL_DESTROY, 0, 0);
	keep(&w, keeper, OP_POOL_STATE, 0, 0);
	if (shape->left) /* the others only take up places */
		out->threads = EXPLORE_THREADS - 1 - shape->left;
}
