/* Long runs of many items: sums and orders, where no search could look at every operation. */
#include <inttypes.h>
#include <stdio.h>

#include "explored.h"
#include "ops.h"

static int64_t key_of(const struct explore_script *s)
{
	for (uint32_t i = 0; i < s->ops; i++)
		if (s->op[i].op == OP_BQ_POP_RUN)
			return s->op[i].arg[1];
	return 0;
}

bool judge_run(const struct exploration *x, const struct execution *e, struct verdict *v)
{
	const struct explore_script *s = x->script;
	int64_t went_in = 0, came_out = 0, disorder = 0;

	if (made_wrong(x, e, v))
		return true;
	for (uint32_t i = 0; i < s->ops; i++) {
		const struct explore_op *o = &s->op[i];
		const struct explore_history *h = &e->answer.history[i];
		if (o->op != OP_BQ_PUSH_RUN && o->op != OP_BQ_POP_RUN)
			continue;
		if (h->asleep) {
			finding_stuck(x, e, i, v);
			v->operation = (int)i;
			v->phases = (uint8_t)(o->phase + 1);
			return true;
		}
		if (o->op == OP_BQ_POP_RUN) {
			came_out += h->result[1];
			disorder += h->result[2];
			continue;
		}
		for (int64_t k = 0; k < o->arg[1]; k++)
			went_in += lab3_mark(key_of(s), o->arg[0] + k);
	}
	if (e->answer.end != EXPLORE_END_DONE || (went_in == came_out && disorder == 0))
		return leaks(e, v);
	*v = (struct verdict){
		.law = { .finding = disorder ? "fifo-broken" : "items-lost",
			 .name = "what goes in comes out, once and in order",
			 .why = "A queue neither loses, nor doubles, nor reorders." },
		.operation = -1
	};
	if (disorder)
		(void)snprintf(v->what, sizeof(v->what),
			       "%" PRId64 " items came before an earlier one of their producer",
			       disorder);
	else
		(void)snprintf(v->what, sizeof(v->what),
			       "the items that came out are not those that "
			       "went in");
	return true;
}
