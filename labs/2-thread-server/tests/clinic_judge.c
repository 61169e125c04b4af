/* Are the answers those of some order of the calls, and did every call return? */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clinic.h"
#include "explored_history.h"
#include "ops_clinic.h"
#include "spec_clinic.h"

static bool translate(const struct explore_op *played, struct operation *out)
{
	out->op = played->op;
	return played->op < OP_CLINIC_INSIDE;
}

static bool is_linearizable(const struct history *h)
{
	static struct linearizer *made;

	if (!made)
		made = linearizer_create(&spec_clinic, NULL);
	if (!made)
		fault("no memory for the linearizer");
	const enum linearize_verdict v = linearize(made, h);
	if (v == LINEARIZE_RAN_OUT)
		fault("a history is too large to be judged");
	return v == LINEARIZABLE;
}

/* The answer depends on the arguments alone. */
static bool is_pure(uint16_t op)
{
	return op == OP_CLINIC_SQUARE || op == OP_CLINIC_MONTH || op == OP_CLINIC_ERRTEXT ||
	       op == OP_CLINIC_SUM_PARALLEL || op == OP_CLINIC_GREETING;
}

/* A call that is wrong whatever the others did, or the one without whose answer all the others
 * could be explained; -1: there is none. */
static int culprit(const struct explored_history *j)
{
	struct operation without[EXPLORE_OPS];
	struct history h = j->history;

	for (size_t i = 0; i < j->history.count; i++) {
		const struct history only = { .op = &j->op[i], .count = 1 };
		if (is_pure(j->op[i].op) && j->op[i].back && !is_linearizable(&only))
			return (int)j->played[i];
	}
	memcpy(without, j->op, sizeof(without));
	h.op = without;
	for (size_t i = j->history.count; i-- > 0;) {
		if (!j->op[i].back)
			continue;
		without[i].back = 0;
		const bool explained = is_linearizable(&h);
		without[i] = j->op[i];
		if (explained)
			return (int)j->played[i];
	}
	return -1;
}

/* "error 2", or its number. */
static void say_answer(const struct explore_op *o, const int64_t result[EXPLORE_ARGS], char *out,
		       size_t room)
{
	char text[CLINIC_TEXT + 1] = { 0 };
	size_t n = 0;

	if (o->op != OP_CLINIC_MONTH && o->op != OP_CLINIC_ERRTEXT && o->op != OP_CLINIC_GREETING) {
		(void)snprintf(out, room, "%" PRId64, result[0]);
		return;
	}
	memcpy(text, &result[1], CLINIC_TEXT);
	for (; text[n] >= ' ' && text[n] <= '~'; n++)
		;
	text[n] = '\0';
	if (o->op == OP_CLINIC_GREETING)
		(void)snprintf(out, room, "%" PRId64 " and \"%s\"%s",
			       result[0] & (CLINIC_NO_END - 1), text,
			       result[0] & CLINIC_NO_END ? " without an end" : "");
	else
		(void)snprintf(out, room, result[0] ? "\"%s\"" : "NULL", text);
}

static void tell_history(const struct exploration *x, const struct execution *e, int guilty,
			 struct verdict *v)
{
	const struct explore_script *s = x->script;
	char answer[80];

	*v = (struct verdict){
		.law = { .finding = "not-linearizable",
			 .name = "the answers are those of some order of the calls",
			 .why = "Every call takes effect at one instant between its begin and its "
				"return.",
			 .where = { { .role = "its answer" } } },
		.operation = guilty,
	};
	for (uint32_t i = 0; i < s->ops; i++)
		if (e->answer.history[i].back && s->op[i].phase >= v->phases)
			v->phases = (uint8_t)(s->op[i].phase + 1);
	v->law.where[0].function = clinic_function(s->op[guilty >= 0 ? guilty : 0].op);
	if (guilty < 0) {
		(void)snprintf(v->what, sizeof(v->what),
			       "no order of the calls explains what they returned");
		return;
	}
	const struct explore_op *o = &s->op[guilty];
	say_answer(o, e->answer.history[guilty].result, answer, sizeof(answer));
	if (o->op == OP_CLINIC_SUM)
		(void)snprintf(v->what, sizeof(v->what),
			       "after all calls the sum is %s, and no order of them explains it",
			       answer);
	else
		(void)snprintf(v->what, sizeof(v->what),
			       "%s of T%u returned %s, and no order of the calls explains it",
			       clinic_function(o->op), o->thread, answer);
}

bool clinic_judge(const struct exploration *x, const struct execution *e, struct verdict *v)
{
	static struct explored_history j;

	law_area_kept(explored_history(x->script, e->answer.history, translate, &j));
	if (is_linearizable(&j.history))
		return false;
	for (uint32_t i = 0; i < x->script->ops; i++) {
		if (!e->answer.history[i].asleep)
			continue;
		finding_stuck(x, e, i, v);
		v->operation = (int)i;
		v->phases = (uint8_t)(x->script->op[i].phase + 1);
		return true;
	}
	tell_history(x, e, culprit(&j), v);
	return true;
}
