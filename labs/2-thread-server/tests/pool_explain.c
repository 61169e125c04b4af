/* From what happened to what is wrong: rules on the events of the failing execution. They look at
 * who slept and who woke, never at how the pool is written. */
#include <string.h>

#include "pool.h"

/* What the events say about the pool's own threads. */
struct workers {
	unsigned script;             /* threads up to this number are the script's            */
	bool woken[EXPLORE_THREADS]; /* its last sleep in a condition has ended               */
	bool hasty;                  /* one of them was woken                                */
	bool left[EXPLORE_THREADS];  /* it ended before anybody had asked for it              */
};

static void look(const struct exploration *x, const struct execution *e,
		 const struct explore_event *event, struct workers *w)
{
	bool asked = false;

	*w = (struct workers){ .script = x->script->threads };
	for (uint32_t i = 0; i < e->answer.events; i++) {
		const struct explore_event *at = &event[i];
		if (at->kind == EXPLORE_EVENT_CALL && at->detail < x->script->ops)
			asked = asked || x->script->op[at->detail].op == OP_POOL_SHUTDOWN ||
				x->script->op[at->detail].op == OP_POOL_DESTROY;
		if (at->thread >= EXPLORE_THREADS || at->thread <= w->script)
			continue;
		const bool waits = at->step == EXPLORE_STEP_WAIT ||
				   at->step == EXPLORE_STEP_SEM_WAIT ||
				   at->step == EXPLORE_STEP_FUTEX_WAIT;
		if (at->kind == EXPLORE_EVENT_SLEEPS && waits)
			w->woken[at->thread] = false;
		if ((at->kind == EXPLORE_EVENT_WAKES && waits) ||
		    at->kind == EXPLORE_EVENT_SPURIOUS)
			w->hasty = w->woken[at->thread] = true;
		if (at->kind == EXPLORE_EVENT_STEP && at->step == EXPLORE_STEP_EXIT && !asked)
			w->left[at->thread] = true;
	}
}

static void say(struct verdict *v, const char *finding, const char *why)
{
	v->law.finding = finding;
	v->law.why = why;
}

static void say_hasty(struct verdict *v)
{
	say(v, "if-for-while",
	    "Who wakes up must look again: another worker may have been quicker, and wake-ups come "
	    "without cause.");
}

/* The kind of the task that was in a call of the pool when all slept; POOL_PLAIN: none. */
static int64_t kind_inside(const struct exploration *x, const struct execution *e)
{
	uint32_t inside = 0;

	for (uint32_t i = 0; i < x->script->ops; i++)
		if (x->script->op[i].op == OP_POOL_STATE && e->answer.history[i].back)
			inside |= (uint32_t)POOL_ALL(e->answer.history[i].result[1] >> POOL_TASKS);
	for (uint32_t i = 0; i < x->script->ops; i++) {
		const struct explore_op *o = &x->script->op[i];
		if ((o->op == OP_POOL_SUBMIT || o->op == OP_POOL_TRY_SUBMIT) &&
		    (inside >> o->arg[0] & 1u))
			return o->arg[1];
	}
	return POOL_PLAIN;
}

static void explain_sleep(const struct exploration *x, const struct execution *e,
			  const struct workers *w, struct verdict *v)
{
	const int64_t kind = kind_inside(x, e);
	bool left = false;

	for (unsigned t = 0; t < EXPLORE_THREADS; t++)
		left = left || (w->left[t] && w->woken[t]);
	if (kind == POOL_SUBMITS)
		say(v, "pool-waits-for-itself",
		    "A worker waits for space in the queue that only the workers can make.");
	else if (kind == POOL_SHUTS)
		say(v, "self-join",
		    "A worker that waits for the end of all workers waits for its "
		    "own.");
	else if (kind == POOL_WAITS)
		say(v, "waits-for-itself",
		    "A task that waits until all tasks have finished waits for itself.");
	else if (left)
		say_hasty(v);
	else if (strcmp(v->law.finding, "lost-wakeup") == 0)
		v->law.why = "Who makes it possible to go on (a task, a free place, the last task "
			     "finished, the shutdown) must wake those who wait for it.";
}

/* A race about what a task made, with a thread that had waited for it. */
static void explain_race(const struct exploration *x, const struct execution *e, struct verdict *v)
{
	const struct explore_finding *f = &e->answer.finding;
	const struct explore_history *made = &e->answer.history[0];
	uint16_t op = 0;

	if (f->memory.kind != EXPLORE_MEMORY_GLOBAL || f->memory.offset < made->result[1] ||
	    f->memory.offset >= made->result[1] + made->result[2])
		return;
	for (uint32_t i = 0; i < x->script->ops; i++)
		if (x->script->op[i].thread == f->later.thread && e->answer.history[i].call &&
		    !e->answer.history[i].back)
			op = x->script->op[i].op;
	if (op == OP_POOL_WAIT_IDLE)
		say(v, "idle-too-early",
		    "A task that was taken out of the queue is not finished yet; only under the "
		    "lock can one know that it is, and see what it did.");
	else if (op == OP_POOL_SHUTDOWN)
		say(v, "shutdown-too-early",
		    "pool_shutdown returns when all workers have been joined; so does a second "
		    "one.");
	else
		return;
	v->law.where[0] = (struct where){ .function = pool_function(op), .role = v->role[0] };
	v->law.where[1] = (struct where){ 0 };
	v->law.name = "what the tasks did is visible to who waited for them";
	v->law.detector = NULL;
	(void)snprintf(v->what, sizeof(v->what),
		       "T%u came back from %s, and nothing says that a task on T%u was finished "
		       "before",
		       f->later.thread, pool_function(op), f->earlier.thread);
}

static void explain_finding(const struct exploration *x, const struct execution *e,
			    const struct workers *w, struct verdict *v)
{
	const struct explore_finding *f = &e->answer.finding;
	const unsigned t = f->later.thread;

	if (f->kind == EXPLORE_RACE)
		explain_race(x, e, v);
	else if (f->kind == EXPLORE_MISUSE && f->sub == EXPLORE_JOIN_SELF)
		say(v, "self-join",
		    "A worker that waits for the end of all workers waits for its "
		    "own.");
	else if ((f->kind == EXPLORE_CRASH || f->kind == EXPLORE_ASSERTION ||
		  f->kind == EXPLORE_ABORT || f->kind == EXPLORE_OVERFLOW) &&
		 t < EXPLORE_THREADS && t > w->script && w->woken[t])
		say_hasty(v);
}

void pool_explain(const struct exploration *x, const struct execution *e,
		  const struct explore_event *event, struct verdict *v)
{
	struct workers w;

	look(x, e, event, &w);
	if (e->answer.end == EXPLORE_END_FINDING && v->operation < 0)
		explain_finding(x, e, &w, v);
	else if (strcmp(v->law.finding, "lost-wakeup") == 0 ||
		 strcmp(v->law.finding, "deadlock") == 0)
		explain_sleep(x, e, &w, v);
	else if ((strcmp(v->law.finding, "task-ran-twice") == 0 ||
		  strcmp(v->law.finding, "unknown-task") == 0) &&
		 w.hasty)
		say_hasty(v);
}
