/* Is a history that of a bounded queue, or of a semaphore, and was every sleep one that the
 * contract allows? */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "explored.h"
#include "explored_history.h"
#include "ops.h"
#include "spec_queue.h"
#include "spec_semaphore.h"

/* The specification's number of an operation; -1: it is not part of the history. */
static int spec_op(uint16_t op)
{
	switch (op) {
	case OP_BQ_PUSH:
	case OP_BQ_PUSH_CELL:
		return QUEUE_PUSH;
	case OP_BQ_TRY_PUSH:
		return QUEUE_TRY_PUSH;
	case OP_BQ_PUSH_UNTIL:
		return QUEUE_PUSH_UNTIL;
	case OP_BQ_POP:
	case OP_BQ_POP_CELL:
		return QUEUE_POP;
	case OP_BQ_TRY_POP:
		return QUEUE_TRY_POP;
	case OP_BQ_POP_UNTIL:
		return QUEUE_POP_UNTIL;
	case OP_BQ_POP_MANY:
		return QUEUE_POP_MANY;
	case OP_BQ_CLOSE:
		return QUEUE_CLOSE;
	case OP_BQ_SIZE:
		return QUEUE_SIZE;
	case OP_CSEM_WAIT:
		return SEMAPHORE_WAIT;
	case OP_CSEM_TRY_WAIT:
		return SEMAPHORE_TRY_WAIT;
	case OP_CSEM_POST:
		return SEMAPHORE_POST;
	default:
		return -1;
	}
}

static bool translate(const struct explore_op *played, struct operation *out)
{
	const int op = spec_op(played->op);

	out->op = (uint16_t)op;
	return op >= 0;
}

static void build(const struct explore_script *s, const struct execution *e,
		  struct explored_history *j)
{
	law_area_kept(explored_history(s, e->answer.history, translate, j));
}

/* One for each kind of object; the parameters are those of the configuration. */
static struct linearizer *linearizer_of(const struct subject *subject)
{
	static struct linearizer *made;
	static struct subject of;
	static struct queue_parameters queue;
	static struct semaphore_parameters semaphore;

	if (made && of.semaphore == subject->semaphore && of.capacity == subject->capacity &&
	    of.initial == subject->initial)
		return made;
	if (made)
		linearizer_destroy(made);
	of = *subject;
	queue.capacity = (uint32_t)subject->capacity;
	semaphore = (struct semaphore_parameters){ (uint32_t)subject->initial,
						   (uint32_t)subject->capacity };
	made = subject->semaphore ? linearizer_create(&spec_semaphore, &semaphore)
				  : linearizer_create(&spec_queue, &queue);
	if (!made)
		fault("no memory for the linearizer");
	return made;
}

static bool is_linearizable(const struct subject *subject, const struct history *h)
{
	const enum linearize_verdict v = linearize(linearizer_of(subject), h);

	if (v == LINEARIZE_RAN_OUT)
		fault("a history is too large to be judged");
	return v == LINEARIZABLE;
}

/* The first operation that slept where it should not have: script number; -1: none alone. */
static int illegal_sleeper(const struct subject *subject, const struct explored_history *j,
			   uint32_t *phase)
{
	for (size_t m = 0; m < j->history.moments; m++) {
		for (size_t i = 0; i < j->history.count; i++) {
			struct asleep only = { .stamp = j->moment[m].stamp };
			struct history h = j->history;
			if (!(j->moment[m].operations[i / 64] >> (i % 64) & 1u))
				continue;
			only.operations[i / 64] = (uint64_t)1 << (i % 64);
			h.moment = &only;
			h.moments = 1;
			if (!is_linearizable(subject, &h)) {
				*phase = j->phase_of[m];
				return (int)j->played[i];
			}
		}
	}
	return -1;
}

/* The one operation without whose answer all the others could be explained; -1: there is none. */
static int culprit(const struct subject *subject, const struct explored_history *j)
{
	struct operation without[EXPLORE_OPS];
	struct history h = j->history;

	memcpy(without, j->op, sizeof(without));
	h.op = without;
	for (size_t i = j->history.count; i-- > 0;) {
		if (!j->op[i].back)
			continue;
		without[i].back = 0;
		const bool explained = is_linearizable(subject, &h);
		without[i] = j->op[i];
		if (explained)
			return (int)j->played[i];
	}
	return -1;
}

static const char *status_name(int64_t status)
{
	static char number[32];
	const char *name = status > 0 && status < 4096 ? strerrorname_np((int)status) : NULL;

	if (name)
		return name;
	(void)snprintf(number, sizeof(number), "%" PRId64, status);
	return number;
}

/* Of the operation, or of all that returned an answer that is judged. */
static unsigned last_phase(const struct explore_script *s, const struct execution *e, int op)
{
	unsigned last = 0;

	for (uint32_t i = 0; i < s->ops; i++)
		if (e->answer.history[i].back && spec_op(s->op[i].op) >= 0 && s->op[i].phase > last)
			last = s->op[i].phase;
	return op >= 0 ? s->op[op].phase : last;
}

static void tell_history(const struct exploration *x, const struct execution *e, int guilty,
			 struct verdict *v)
{
	const struct explore_script *s = x->script;

	*v = (struct verdict){
		.law = { .finding = "not-linearizable",
			 .name = "one order of the operations explains all answers",
			 .why = "Every operation takes effect at one instant between its "
				"call and its return." }
	};
	if (guilty >= 0) {
		const struct explore_op *o = &s->op[guilty];
		const struct explore_history *h = &e->answer.history[guilty];
		(void)snprintf(v->what, sizeof(v->what),
			       "%s of T%u returned %s%s: no order of the operations explains it",
			       function_of(o->op), o->thread, status_name(h->result[0]),
			       h->result[0] == 0 && spec_op(o->op) >= QUEUE_POP &&
					       spec_op(o->op) <= QUEUE_POP_MANY
				       ? " and an item"
				       : "");
		v->law.where[0].function = function_of(o->op);
		v->law.where[0].role = "its answer";
		v->operation = guilty;
	} else {
		(void)snprintf(v->what, sizeof(v->what),
			       "no order of the operations explains what they returned");
		v->operation = -1;
	}
	v->phases = (uint8_t)(last_phase(s, e, guilty) + 1);
}

/* The pop that took the item of push number `push`, and had returned with it; -1: none. */
static int taker_of(const struct explore_script *s, const struct execution *e, uint32_t push)
{
	for (uint32_t i = 0; i < s->ops; i++) {
		const struct explore_history *h = &e->answer.history[i];
		const int kind = spec_op(s->op[i].op);
		if ((kind == QUEUE_POP || kind == QUEUE_TRY_POP || kind == QUEUE_POP_UNTIL) &&
		    h->back && h->result[0] == 0 && h->result[1] == s->op[push].arg[0])
			return (int)i;
	}
	return -1;
}

/* Two items of one producer, the later of which had been taken before the pop that took the earlier
 * was called. */
static bool order_is_broken(const struct exploration *x, const struct execution *e)
{
	const struct explore_script *s = x->script;

	for (uint32_t i = 0; i < s->ops; i++) {
		for (uint32_t k = i + 1; k < s->ops; k++) {
			const int first = spec_op(s->op[i].op), second = spec_op(s->op[k].op);
			if (first < QUEUE_PUSH || first > QUEUE_PUSH_UNTIL || second < QUEUE_PUSH ||
			    second > QUEUE_PUSH_UNTIL || s->op[i].thread != s->op[k].thread)
				continue;
			const int early = taker_of(s, e, i), late = taker_of(s, e, k);
			if (early >= 0 && late >= 0 &&
			    e->answer.history[late].back < e->answer.history[early].call)
				return true;
		}
	}
	return false;
}

bool made_wrong(const struct exploration *x, const struct execution *e, struct verdict *v)
{
	const struct explore_history *made = &e->answer.history[0];
	const char *function = function_of(x->script->op[0].op);

	if (!made->back || made->result[0] == 0)
		return false;
	*v = (struct verdict){ .law = { .finding = made->result[0] == ENOSYS ? "not-written"
									     : "cannot-create",
					.name = "the function is written",
					.where = { { .function = function, .role = "here" } } } };
	(void)snprintf(v->what, sizeof(v->what),
		       made->result[0] == ENOSYS ? "%s is not written yet: it returns %s"
						 : "%s returned %s",
		       function, status_name(made->result[0]));
	return true;
}

bool leaks(const struct execution *e, struct verdict *v)
{
	if (e->answer.end != EXPLORE_END_DONE || e->answer.blocks == 0)
		return false;
	*v = (struct verdict){ .law = { .finding = "leak",
					.name = "nothing is left on the heap",
					.why = "What an object allocates it releases in its "
					       "destroy function, or before." } };
	(void)snprintf(v->what, sizeof(v->what),
		       "%u block%s (%u bytes) are left after everything was destroyed",
		       e->answer.blocks, e->answer.blocks == 1 ? "" : "s", e->answer.bytes);
	return true;
}

/* Virtual time at the end of the execution, when nothing but deadlines can have made it pass. */
static bool is_late(const struct subject *subject, const struct execution *e, struct verdict *v)
{
	if (!subject->latest_us || e->answer.end != EXPLORE_END_DONE ||
	    e->answer.clock_ns < EXPLORE_START_NS + (subject->latest_us + 1000) * 1000)
		return false;
	*v = (struct verdict){
		.law = { .finding = "deadline-recomputed",
			 .name = "a wait ends at its deadline",
			 .why = "A deadline is a moment: a wake-up without cause does "
				"not move it." },
		.operation = -1
	};
	(void)snprintf(v->what, sizeof(v->what),
		       "the last deadline was at %" PRIu64 " us, but somebody waited until %" PRIu64
		       " us",
		       subject->latest_us, (e->answer.clock_ns - EXPLORE_START_NS) / 1000);
	return true;
}

bool explained_without(const struct exploration *x, const struct execution *e, const bool *without)
{
	static struct explored_history j;

	build(x->script, e, &j);
	for (size_t i = 0; i < j.history.count; i++)
		if (without[j.played[i]])
			j.op[i].back = 0;
	j.history.moments = 0;
	return is_linearizable(x->context, &j.history);
}

bool judge_history(const struct exploration *x, const struct execution *e, struct verdict *v)
{
	static struct explored_history j;
	const struct subject *subject = x->context;
	uint32_t phase = 0;

	if (made_wrong(x, e, v))
		return true;
	build(x->script, e, &j);
	if (is_linearizable(subject, &j.history))
		return leaks(e, v) || is_late(subject, e, v);
	struct history awake = j.history;
	awake.moments = 0;
	if (is_linearizable(subject, &awake)) {
		const int op = illegal_sleeper(subject, &j, &phase);
		finding_stuck(x, e, op >= 0 ? (unsigned)op : j.played[0], v);
		v->operation = op;
		v->phases = op >= 0 ? (uint8_t)(phase + 1) : 0;
		return true;
	}
	tell_history(x, e, culprit(subject, &j), v);
	if (!subject->semaphore && order_is_broken(x, e)) {
		v->law.finding = "fifo-broken";
		v->law.why = "Items leave in the order in which they came.";
	}
	return true;
}
