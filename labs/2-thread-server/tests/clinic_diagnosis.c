/* From what happened to what is wrong. */
#include <stdio.h>
#include <string.h>

#include "clinic.h"
#include "ops_clinic.h"
#include "spec_clinic.h"

static void say(struct verdict *v, const char *finding, const char *why)
{
	v->law.finding = finding;
	v->law.why = why;
}

static bool is(const struct verdict *v, const char *finding)
{
	return strcmp(v->law.finding, finding) == 0;
}

/* Whether a thread that a call had made used the stack of the caller after the call's return. */
static bool uses_left_stack(const struct exploration *x, const struct execution *e,
			    const struct explore_event *event)
{
	bool returned[EXPLORE_THREADS] = { false };

	for (uint32_t i = 0; i < e->answer.events; i++) {
		const struct explore_event *at = &event[i];
		const unsigned owner = at->detail >> 48 & 0xff;
		if (at->thread >= EXPLORE_THREADS)
			continue;
		if (at->kind == EXPLORE_EVENT_RETURN)
			returned[at->thread] = true;
		if (at->kind == EXPLORE_EVENT_ACCESS && at->detail >> 56 == EXPLORE_MEMORY_STACK &&
		    at->thread > x->script->threads && owner <= x->script->threads &&
		    returned[owner])
			return true;
	}
	return false;
}

/* Something that the caller has released is used by a thread that the call made. */
static bool uses_released(const struct exploration *x, const struct execution *e)
{
	const struct explore_finding *f = &e->answer.finding;

	return e->answer.end == EXPLORE_END_FINDING && f->kind == EXPLORE_USE_AFTER_FREE &&
	       f->later.thread > x->script->threads && f->memory.freed_by <= x->script->threads;
}

static void explain_greeting(const struct exploration *x, const struct execution *e,
			     const struct explore_event *event, struct verdict *v)
{
	if (uses_left_stack(x, e, event))
		say(v, "stack-of-ended-function",
		    "The thread uses a variable of a function that has returned: its place on the "
		    "stack belongs to the next call.");
	else if (uses_released(x, e))
		say(v, "thread-left-behind",
		    "On return the thread has ended: the caller may release the buffer at once.");
	else if (v->operation >= 0 && e->answer.history[v->operation].result[0] == 0)
		say(v, "greeting-incomplete",
		    "On return the whole greeting, as much of it as fits, stands in the buffer.");
	else if (v->operation >= 0)
		say(v, "wrong-status", "0, EINVAL for cap 0, or why no thread could be made.");
}

/* A wrong sum that is right for some of the values alone. */
static bool is_partial(const struct explore_op *o, int64_t result)
{
	const uint64_t n = (uint64_t)o->arg[0];

	for (uint64_t which = 0; n <= 10 && which < ((uint64_t)1 << n) - 1; which++)
		if (result == clinic_sum_of((uint64_t)o->arg[2], n, which))
			return true;
	return false;
}

static void explain_answer(const struct exploration *x, const struct execution *e,
			   struct verdict *v)
{
	const struct explore_op *o = &x->script->op[v->operation >= 0 ? v->operation : 0];
	const int64_t *result = e->answer.history[o - x->script->op].result;

	switch (o->op) {
	case OP_CLINIC_SUM_PARALLEL:
		if (v->operation >= 0 && is_partial(o, result[0]))
			say(v, "elements-left-out", "Every value belongs to exactly one part.");
		else
			say(v, "wrong-sum", "Every value belongs to exactly one part.");
		return;
	case OP_CLINIC_SQUARE:
	case OP_CLINIC_MONTH:
		say(v, "wrong-result", "The result is that of the given version.");
		return;
	default:
		break;
	}
	if (x->script->threads == 1)
		say(v, "wrong-result", "The result is that of the given version.");
	else if (x->script->op[0].op == OP_CLINIC_TOTAL)
		say(v, "torn-snapshot",
		    "While an amount is on its way it is in no account: who looks at several must "
		    "keep all of them from moving.");
	else if (o->op == OP_CLINIC_ERRTEXT)
		say(v, "shared-result-buffer",
		    "A text that is returned needs a place of its own for each thread.");
	else
		say(v, "check-then-act",
		    "Looking and acting must be one step: what was seen may have changed in "
		    "between.");
}

/* The operation of the thread that the runtime's finding is about; NULL: it is in none. */
static const struct explore_op *operation_of(const struct exploration *x, const struct execution *e)
{
	const unsigned t = e->answer.finding.later.thread;
	const uint16_t op = t < e->answer.finding.threads ? e->answer.finding.thread[t].op
							  : EXPLORE_NOTHING;

	return op < x->script->ops ? &x->script->op[op] : NULL;
}

static void explain_finding(const struct exploration *x, const struct execution *e,
			    struct verdict *v)
{
	const struct explore_finding *f = &e->answer.finding;
	const struct explore_op *o = operation_of(x, e);

	if (f->kind == EXPLORE_RACE && x->script->op[0].op == OP_CLINIC_ERRTEXT)
		say(v, "shared-result-buffer",
		    "A text that is returned needs a place of its own for each thread.");
	else if (f->kind == EXPLORE_RACE && x->script->op[0].op == OP_CLINIC_INIT_ONCE)
		say(v, "data-race",
		    "Test, init and mark are one step for all callers; who returns, and what init "
		    "wrote, comes after its end.");
	else if (f->kind == EXPLORE_MISUSE && f->sub == EXPLORE_RELOCK && o &&
		 o->op == OP_CLINIC_TRANSFER && o->arg[0] == o->arg[1])
		say(v, "self-deadlock", "from == to is one account, and it has one lock.");
	else if (f->kind == EXPLORE_MISUSE && f->sub == EXPLORE_RELOCK)
		say(v, "unlock-missing",
		    "A path leaves a function with the lock held: its next call waits for itself.");
}

void clinic_explain(const struct exploration *x, const struct execution *e,
		    const struct explore_event *event, struct verdict *v)
{
	if (x->script->op[0].op == OP_CLINIC_GREETING && !is(v, "deadlock"))
		explain_greeting(x, e, event, v);
	else if (is(v, "not-linearizable"))
		explain_answer(x, e, v);
	else if (is(v, "deadlock"))
		say(v, "lock-order",
		    "Two callers take the same two locks in opposite orders: take them in one "
		    "order, whatever the direction of the transfer.");
	else if (e->answer.end == EXPLORE_END_FINDING)
		explain_finding(x, e, v);
}
