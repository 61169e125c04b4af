/* Cuts the text into words and counts columns and phases. */
#include "columns.h"

#include <string.h>

#include "evidence.h"

struct columns columns_begin(struct explore_script *out)
{
	*out = (struct explore_script){ 0 };
	return (struct columns){ .out = out };
}

struct explore_op *columns_put(struct columns *c, uint16_t op)
{
	struct explore_script *out = c->out;

	if (out->ops == EXPLORE_OPS || c->thread >= EXPLORE_THREADS || c->phase >= EXPLORE_PHASES)
		fault("a script is too long");
	struct explore_op *o = &out->op[out->ops++];
	*o = (struct explore_op){ .thread = c->thread, .phase = c->phase, .op = op };
	if (c->thread > out->threads)
		out->threads = c->thread;
	out->phases = c->phase + 1u;
	return o;
}

void columns_text(struct columns *c, const char *text, columns_word_fn *word, void *context)
{
	c->thread = 1;
	for (const char *p = text; *p;) {
		const size_t n = strcspn(p, " |;");
		if (n)
			word(c, p, n, context);
		p += n;
		if (*p == '|')
			c->thread++;
		if (*p == ';') {
			c->phase++;
			c->thread = 1;
		}
		p += *p != '\0';
	}
}

uint8_t columns_keeper(const char *text)
{
	unsigned most = 1, now = 1;

	for (const char *p = text; *p; p++) {
		now = *p == ';' ? 1 : now + (*p == '|');
		most = now > most ? now : most;
	}
	return (uint8_t)(most + 1);
}

void columns_keep(struct columns *c, uint8_t keeper, uint16_t op, int64_t a, int64_t b)
{
	c->thread = keeper;
	struct explore_op *o = columns_put(c, op);
	o->arg[0] = a;
	o->arg[1] = b;
	c->phase++;
}
