/* From what happened to what is wrong: rules on the events of the failing execution. They look at
 * who slept, who was woken and who was not, never at how the queue is written. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "explored.h"
#include "ops.h"

/* What an operation needs to go on, and what it gives to others. */
enum kind { OTHER, TAKES, GIVES };

static enum kind kind_of(uint16_t op)
{
	switch (op) {
	case OP_BQ_POP:
	case OP_BQ_TRY_POP:
	case OP_BQ_POP_UNTIL:
	case OP_BQ_POP_MANY:
	case OP_BQ_POP_CELL:
	case OP_CSEM_WAIT:
	case OP_CSEM_TRY_WAIT:
		return TAKES;
	case OP_BQ_PUSH:
	case OP_BQ_TRY_PUSH:
	case OP_BQ_PUSH_UNTIL:
	case OP_BQ_PUSH_CELL:
	case OP_CSEM_POST:
		return GIVES;
	default:
		return OTHER;
	}
}

/* What the events say about each operation of the script. */
struct course {
	uint32_t slept;  /* stamp of its last sleep that was no wait for a lock; 0: never       */
	uint16_t object; /* of that sleep                                                       */
	bool woken;      /* it went on after that sleep                                         */
	bool signalled[EXPLORE_OBJECTS]; /* it woke, or tried to wake, somebody there           */
};

struct view {
	const struct exploration *x;
	const struct explore_script *script;
	const struct execution *e;
	struct course of[EXPLORE_OPS];
};

static bool is_wait(unsigned step)
{
	return step == EXPLORE_STEP_WAIT || step == EXPLORE_STEP_SEM_WAIT ||
	       step == EXPLORE_STEP_FUTEX_WAIT;
}

static bool is_signal(unsigned step)
{
	return step == EXPLORE_STEP_SIGNAL || step == EXPLORE_STEP_BROADCAST ||
	       step == EXPLORE_STEP_SEM_POST || step == EXPLORE_STEP_FUTEX_WAKE;
}

static void look(struct view *v, const struct explore_event *event)
{
	uint64_t under_way[EXPLORE_THREADS];

	for (unsigned t = 0; t < EXPLORE_THREADS; t++)
		under_way[t] = EXPLORE_OPS;
	for (uint32_t i = 0; i < v->e->answer.events; i++) {
		const struct explore_event *at = &event[i];
		if (at->thread >= EXPLORE_THREADS)
			continue;
		if (at->kind == EXPLORE_EVENT_CALL)
			under_way[at->thread] = at->detail;
		if (under_way[at->thread] >= v->script->ops)
			continue;
		struct course *c = &v->of[under_way[at->thread]];
		if (at->kind == EXPLORE_EVENT_SLEEPS && is_wait(at->step)) {
			c->slept = at->stamp;
			c->object = at->object;
			c->woken = false;
		} else if (at->kind == EXPLORE_EVENT_WAKES || at->kind == EXPLORE_EVENT_SPURIOUS) {
			c->woken = true;
		} else if ((at->kind == EXPLORE_EVENT_RUNS || at->kind == EXPLORE_EVENT_STEP ||
			    at->kind == EXPLORE_EVENT_UNHEARD) &&
			   is_signal(at->step) && at->object < EXPLORE_OBJECTS) {
			c->signalled[at->object] = true;
		} else if (at->kind == EXPLORE_EVENT_RETURN) {
			under_way[at->thread] = EXPLORE_OPS;
		}
	}
}

static void say(struct verdict *v, const char *finding, const char *why)
{
	v->law.finding = finding;
	v->law.why = why;
}

/* Another operation that slept there and has not returned, of the other kind. */
static bool sleeps_with_others(const struct view *w, unsigned op)
{
	for (unsigned i = 0; i < w->script->ops; i++)
		if (i != op && w->of[i].slept && !w->e->answer.history[i].back &&
		    w->of[i].object == w->of[op].object &&
		    kind_of(w->script->op[i].op) != kind_of(w->script->op[op].op))
			return true;
	return false;
}

static bool one_timed_out(const struct view *w, unsigned op)
{
	for (unsigned i = 0; i < w->script->ops; i++)
		if (i != op && kind_of(w->script->op[i].op) == kind_of(w->script->op[op].op) &&
		    w->e->answer.history[i].back && w->e->answer.history[i].result[0] == ETIMEDOUT)
			return true;
	return false;
}

/* Operations that made it possible for `op` to go on; those that returned after it fell asleep. */
static void count_enablers(const struct view *w, unsigned op, unsigned *late, bool *late_many,
			   bool *any_signalled)
{
	const struct course *c = &w->of[op];
	const enum kind wanted = kind_of(w->script->op[op].op) == TAKES ? GIVES : TAKES;

	*late = 0;
	*late_many = *any_signalled = false;
	for (unsigned i = 0; i < w->script->ops; i++) {
		const struct explore_history *h = &w->e->answer.history[i];
		if (kind_of(w->script->op[i].op) != wanted)
			continue;
		if (c->object < EXPLORE_OBJECTS && w->of[i].signalled[c->object])
			*any_signalled = true;
		if (!h->back || h->result[0] || h->back < c->slept)
			continue;
		++*late;
		*late_many = *late_many || w->script->op[i].op == OP_BQ_POP_MANY;
	}
}

/* Operation `op` sleeps although it could go on. */
static void explain_sleep(const struct view *w, unsigned op, struct verdict *v)
{
	unsigned late;
	bool late_many, any_signalled;

	const uint16_t what = w->script->op[op].op;
	if (!w->of[op].slept)
		return; /* it waits for a lock: said already */
	if (what == OP_BQ_TRY_PUSH || what == OP_BQ_TRY_POP || what == OP_CSEM_TRY_WAIT) {
		say(v, "try-blocks", "What is called try never waits: it says EAGAIN.");
		return;
	}
	count_enablers(w, op, &late, &late_many, &any_signalled);
	if (sleeps_with_others(w, op))
		say(v, "wrong-waiter-woken",
		    "Two kinds of waiters share one condition: a signal may wake one that cannot "
		    "use it, and then everybody sleeps.");
	else if (one_timed_out(w, op))
		say(v, "wakeup-swallowed",
		    "A wake-up is meant for an item, not for a thread: who was woken and gives up "
		    "must look once more, or pass it on.");
	else if (late_many)
		say(v, "too-few-wakeups",
		    "Who frees several slots at once must wake as many that wait for one.");
	else if (!late)
		say(v, "lost-wakeup",
		    "Looking at the queue and falling asleep must be one step: what comes between "
		    "the two is slept through.");
	else if (any_signalled)
		say(v, "signal-on-edge-only",
		    "A signal for the first item alone is too few: the second may come before the "
		    "first waiter has run.");
	else
		say(v, "wrong-condition",
		    "What makes it possible to go on must wake those who wait for it.");
}

static bool has_overflow(const struct view *w)
{
	for (unsigned i = 0; i < w->script->ops; i++)
		if (w->script->op[i].op == OP_CSEM_POST &&
		    w->e->answer.history[i].result[0] == EOVERFLOW)
			return true;
	return false;
}

/* The operation of the thread that the runtime's finding is about. */
static int operation_of_finding(const struct view *w)
{
	const unsigned t = w->e->answer.finding.later.thread;

	for (unsigned i = 0; i < w->script->ops; i++)
		if (w->script->op[i].thread == t && w->e->answer.history[i].call &&
		    !w->e->answer.history[i].back)
			return (int)i;
	return -1;
}

/* EPIPE from those who take: without these answers all is well. */
static bool is_early_epipe(const struct view *w)
{
	bool without[EXPLORE_OPS] = { false }, any = false;

	for (unsigned i = 0; i < w->script->ops; i++) {
		const struct explore_history *h = &w->e->answer.history[i];
		without[i] = kind_of(w->script->op[i].op) == TAKES && h->back &&
			     h->result[0] == EPIPE;
		any = any || without[i];
	}
	return any && explained_without(w->x, w->e, without);
}

/* Whether it slept, was woken, and went on with success. */
static bool is_hasty(const struct view *w, int op)
{
	return op >= 0 && w->of[op].slept && w->of[op].woken && w->e->answer.history[op].back &&
	       w->e->answer.history[op].result[0] == 0;
}

/* The wrong answer is that of one who was woken; or none is wrong alone, and one was woken. */
static bool is_if_for_while(const struct view *w, int op)
{
	bool any = false;

	for (unsigned i = 0; i < w->script->ops; i++) {
		bool without[EXPLORE_OPS] = { false };
		if (!is_hasty(w, (int)i))
			continue;
		any = without[i] = true;
		if (explained_without(w->x, w->e, without))
			return true;
	}
	return op < 0 ? any : is_hasty(w, op);
}

static void explain_wrong_answer(const struct view *w, int op, struct verdict *v)
{
	const uint16_t what = op >= 0 ? w->script->op[op].op : 0;

	if (is_early_epipe(w)) {
		say(v, "close-drops-items",
		    "A closed queue still gives what is in it: EPIPE only once it is empty.");
	} else if (is_if_for_while(w, op)) {
		say(v, "if-for-while",
		    "Who wakes up must look again: another may have been quicker, and wake-ups "
		    "come without cause.");
	} else if (w->script->op[0].op == OP_CSEM_CREATE && what == OP_CSEM_TRY_WAIT &&
		   has_overflow(w)) {
		say(v, "maximum-exceeded",
		    "The value may not exceed its maximum, not even for a moment: others see it.");
	} else if (w->script->op[0].op == OP_CSEM_CREATE) {
		say(v, "check-then-act", "Testing the value and taking from it must be one step.");
	}
}

/* The operation under way when the program ended itself. */
static void explain_end(const struct view *w, int op, struct verdict *v)
{
	if (op >= 0 && w->of[op].slept && w->of[op].woken)
		say(v, "if-for-while",
		    "Who wakes up must look again: another may have been quicker, and wake-ups "
		    "come without cause.");
}

/* What a finding of the runtime means here. */
static void explain_finding(const struct view *w, struct verdict *v)
{
	const struct explore_finding *f = &w->e->answer.finding;
	const int op = operation_of_finding(w);

	if (f->kind == EXPLORE_ASSERTION || f->kind == EXPLORE_ABORT || f->kind == EXPLORE_CRASH)
		explain_end(w, op, v);
	else if (f->kind == EXPLORE_MISUSE && f->sub == EXPLORE_DESTROY_HELD)
		say(v, "unlock-missing",
		    "A path leaves a function with the lock held: nobody else gets it any more.");
	else if (f->kind == EXPLORE_MISUSE && f->sub == EXPLORE_USE_DESTROYED && op >= 0 &&
		 (w->script->op[op].op == OP_BQ_CLOSE || w->script->op[op].op == OP_BQ_DESTROY))
		say(v, "close-not-idempotent",
		    "bq_close may be called again, and while others are inside.");
}

void explain_queue(const struct exploration *x, const struct execution *e,
		   const struct explore_event *event, struct verdict *v)
{
	static struct view w;

	w = (struct view){ .x = x, .script = x->script, .e = e };
	look(&w, event);
	if (e->answer.end == EXPLORE_END_FINDING && v->operation < 0)
		explain_finding(&w, v);
	else if (strcmp(v->law.finding, "lost-wakeup") == 0 && v->operation >= 0)
		explain_sleep(&w, (unsigned)v->operation, v);
	else if (strcmp(v->law.finding, "not-linearizable") == 0)
		explain_wrong_answer(&w, v->operation, v);
}
