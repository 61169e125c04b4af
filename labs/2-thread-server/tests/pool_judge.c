/* Did every task run as it was promised, did every call say what it may, and was nobody asleep who
 * could have gone on? Orders in which the tasks run are the pool's affair. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "pool.h"
#include "pool_laws.h"

/* What the tasks had noted when the last OP_POOL_STATE looked. */
struct tasks {
	bool known;
	uint32_t started, twice, finished;
	bool strange; /* something ran that was never submitted                              */
	uint8_t said[POOL_OWN];
};

static bool broken(struct verdict *v, const struct law *law, int operation)
{
	*v = (struct verdict){ .law = *law, .operation = operation };
	return true;
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

static void look(const struct explore_script *s, const struct execution *e, struct tasks *out)
{
	*out = (struct tasks){ 0 };
	for (uint32_t i = 0; i < s->ops; i++) {
		const struct explore_history *h = &e->answer.history[i];
		if (s->op[i].op != OP_POOL_STATE || !h->back)
			continue;
		out->known = true;
		out->started = (uint32_t)POOL_ALL(h->result[0]);
		out->twice = (uint32_t)POOL_ALL(h->result[0] >> POOL_TASKS);
		out->strange = (uint64_t)h->result[0] >> 2 * POOL_TASKS != 0;
		out->finished = (uint32_t)POOL_ALL(h->result[1]);
		for (unsigned t = 0; t < POOL_OWN; t++)
			out->said[t] = (uint8_t)((uint64_t)h->result[2] >> 8 * t);
	}
}

static bool wrong_create(const struct exploration *x, const struct execution *e, struct verdict *v)
{
	const struct pool_shape *shape = x->context;
	const struct explore_script *s = x->script;

	for (uint32_t i = 0; i < s->ops; i++) {
		const struct explore_history *h = &e->answer.history[i];
		if (h->back && h->result[0] == ENOSYS) {
			(void)broken(v, &NOT_WRITTEN, -1);
			v->law.where[0] = (struct where){ .function = pool_function(s->op[i].op),
							  .role = "here" };
			(void)snprintf(v->what, sizeof(v->what),
				       "%s is not written yet: it returns ENOSYS",
				       pool_function(s->op[i].op));
			return true;
		}
		if (s->op[i].op != OP_POOL_CREATE || !h->back)
			continue;
		const int64_t wanted = POOL_STATUS(&s->op[i]) == POOL_ANY ? 0
									  : POOL_STATUS(&s->op[i]);
		if (h->result[0] == wanted)
			continue;
		(void)broken(v,
			     i > 0               ? &LEFT_BEHIND
			     : h->result[0] == 0 ? &HIDDEN
						 : &CANNOT_CREATE,
			     (int)i);
		(void)snprintf(v->what, sizeof(v->what),
			       i > 0 ? "pool_create failed for %u threads, as it had to; then for "
				       "one less it returned %s: the earlier ones are still there"
			       : shape->left ? "pool_create with %u threads, one more than can be "
					       "made, returned %s"
					     : "pool_create with %u threads returned %s",
			       shape->threads + (shape->left ? 1 : 0), status_name(h->result[0]));
		return true;
	}
	return false;
}

/* The phase in which operation i must go on: the gate is opened, or, for who waits to submit, the
 * pool is shut down. */
static unsigned phase_of_waking(const struct explore_script *s, uint32_t i)
{
	const bool submits = s->op[i].op == OP_POOL_SUBMIT;

	for (uint32_t k = 0; k < s->ops; k++)
		if (s->op[k].op == OP_POOL_OPEN || (submits && s->op[k].op == OP_POOL_SHUTDOWN))
			return s->op[k].phase;
	return 0;
}

static bool wrong_sleep(const struct exploration *x, const struct execution *e, struct verdict *v)
{
	const struct explore_script *s = x->script;

	for (unsigned phase = 0; phase < s->phases; phase++) {
		for (uint32_t i = 0; i < s->ops; i++) {
			if (!(e->answer.history[i].asleep >> phase & 1u) ||
			    (POOL_SLEEPS(&s->op[i]) && phase < phase_of_waking(s, i)))
				continue;
			finding_stuck(x, e, i, v);
			v->operation = (int)i;
			return true;
		}
	}
	return false;
}

/* The stamp before which nobody has asked for a shutdown, or after which it is complete. */
static uint32_t first_shutdown(const struct exploration *x, const struct execution *e, bool call)
{
	uint32_t first = UINT32_MAX;

	for (uint32_t i = 0; i < x->script->ops; i++) {
		const struct explore_history *h = &e->answer.history[i];
		const uint32_t stamp = call ? h->call : h->back;
		if (x->script->op[i].op == OP_POOL_SHUTDOWN && stamp && stamp < first)
			first = stamp;
	}
	return first;
}

static bool wrong_submit(const struct exploration *x, const struct execution *e, uint32_t i,
			 struct verdict *v)
{
	const struct explore_op *o = &x->script->op[i];
	const struct explore_history *h = &e->answer.history[i];
	const bool calls = o->arg[1] >= POOL_SHUTS && o->arg[1] <= POOL_SUBMITS;

	if (h->result[0] == 0 && h->call > first_shutdown(x, e, false)) {
		(void)broken(v, &AFTER_SHUTDOWN, (int)i);
		(void)snprintf(v->what, sizeof(v->what), "%s of T%u returned 0 after pool_shutdown",
			       pool_function(o->op), o->thread);
		return true;
	}
	if (!calls && POOL_STATUS(o) != POOL_ANY ? h->result[0] == POOL_STATUS(o)
						 : h->result[0] == 0)
		return false;
	if (POOL_STATUS(o) == POOL_ANY && h->result[0] == ECANCELED &&
	    h->back > first_shutdown(x, e, true))
		return false;
	(void)broken(v, &WRONG_STATUS, (int)i);
	(void)snprintf(v->what, sizeof(v->what), "%s of T%u returned %s", pool_function(o->op),
		       o->thread, status_name(h->result[0]));
	return true;
}

static bool wrong_answer(const struct exploration *x, const struct execution *e, uint32_t i,
			 struct verdict *v)
{
	const struct explore_op *o = &x->script->op[i];
	const struct explore_history *h = &e->answer.history[i];

	if (o->op == OP_POOL_SUBMIT || o->op == OP_POOL_TRY_SUBMIT)
		return wrong_submit(x, e, i, v);
	if ((o->op == OP_POOL_WAIT_IDLE || o->op == OP_POOL_SHUTDOWN) && h->result[0] != 0) {
		(void)broken(v, &WRONG_STATUS, (int)i);
		(void)snprintf(v->what, sizeof(v->what), "%s of T%u returned %s",
			       pool_function(o->op), o->thread, status_name(h->result[0]));
		return true;
	}
	return false;
}

/* Tasks that were accepted before operation i was called, and that ran at some time. */
static uint32_t owed(const struct exploration *x, const struct execution *e, uint32_t i,
		     const struct tasks *t)
{
	uint32_t set = 0;

	for (uint32_t k = 0; k < x->script->ops; k++) {
		const struct explore_op *o = &x->script->op[k];
		const struct explore_history *h = &e->answer.history[k];
		if ((o->op == OP_POOL_SUBMIT || o->op == OP_POOL_TRY_SUBMIT) && h->back &&
		    h->result[0] == 0 && h->back < e->answer.history[i].call)
			set |= 1u << o->arg[0];
	}
	return set & t->started;
}

static bool wrong_end(const struct exploration *x, const struct execution *e, uint32_t i,
		      const struct tasks *t, struct verdict *v)
{
	const uint16_t op = x->script->op[i].op;
	const struct explore_history *h = &e->answer.history[i];
	const uint32_t finished = (uint32_t)POOL_ALL(h->result[1]);
	const uint32_t started = (uint32_t)POOL_ALL(h->result[2]);

	if (op == OP_POOL_WAIT_IDLE && (owed(x, e, i, t) & ~finished)) {
		(void)broken(v, &IDLE_EARLY, (int)i);
		(void)snprintf(
			v->what, sizeof(v->what),
			"pool_wait_idle of T%u returned while a task that had been submitted "
			"before was still running",
			x->script->op[i].thread);
		return true;
	}
	if ((op == OP_POOL_SHUTDOWN || op == OP_POOL_DESTROY) &&
	    ((t->finished & ~finished) || (t->started & ~started))) {
		(void)broken(v, &SHUTDOWN_EARLY, (int)i);
		(void)snprintf(v->what, sizeof(v->what),
			       "%s of T%u returned, and a task was still running or ran later",
			       pool_function(op), x->script->op[i].thread);
		return true;
	}
	return false;
}

/* Whether a task may have been dropped: a shutdown that drops was called before every one that
 * drains had returned. */
static bool may_drop(const struct exploration *x, const struct execution *e)
{
	uint32_t drop = UINT32_MAX, drained = UINT32_MAX;

	for (uint32_t i = 0; i < x->script->ops; i++) {
		const struct explore_op *o = &x->script->op[i];
		const struct explore_history *h = &e->answer.history[i];
		if (o->op != OP_POOL_SHUTDOWN || !h->call)
			continue;
		if (o->arg[0] == 0 && h->call < drop)
			drop = h->call;
		if (o->arg[0] && h->back && h->back < drained)
			drained = h->back;
	}
	return drop != UINT32_MAX && drop < drained;
}

/* NOLINTNEXTLINE(readability-function-size): the task and its answer are two */
static bool wrong_task(const struct exploration *x, const struct execution *e, unsigned number,
		       bool accepted, const struct tasks *t, int operation, struct verdict *v)
{
	const bool ran = t->started >> number & 1u;

	if (ran == accepted || (accepted && may_drop(x, e)))
		return false;
	(void)broken(v, accepted ? &LOST : &CANCELLED_RUNS, operation);
	(void)snprintf(v->what, sizeof(v->what),
		       accepted ? "a task was accepted and never ran"
				: "a task ran although it had been refused");
	return true;
}

/* What a task was told when it called the pool itself. */
static bool wrong_inner(const struct exploration *x, const struct execution *e, uint32_t i,
			const struct tasks *t, struct verdict *v)
{
	const struct explore_op *o = &x->script->op[i];
	const unsigned number = (unsigned)o->arg[0] % POOL_OWN;
	const int64_t said = t->said[number];
	static const char *const names[] = { "pool_shutdown", "pool_wait_idle", "pool_submit" };

	if (o->arg[1] < POOL_SHUTS || o->arg[1] > POOL_SUBMITS || !(t->started >> number & 1u))
		return false;
	const bool submits = o->arg[1] == POOL_SUBMITS;
	const bool may = POOL_STATUS(o) != POOL_ANY ? said == POOL_STATUS(o)
			 : submits                  ? said == 0 || said == EAGAIN ||
					     (said == ECANCELED &&
					      first_shutdown(x, e, true) != UINT32_MAX)
				   : said == EDEADLK;
	if (!may) {
		(void)broken(v, &WRONG_STATUS, (int)i);
		(void)snprintf(v->what, sizeof(v->what), "%s, called by a task, returned %s",
			       names[o->arg[1] - POOL_SHUTS], status_name(said));
		return true;
	}
	return submits && wrong_task(x, e, number + POOL_OWN, said == 0, t, (int)i, v);
}

static bool wrong_run(const struct exploration *x, const struct execution *e, const struct tasks *t,
		      struct verdict *v)
{
	const struct explore_script *s = x->script;

	if (t->strange || t->twice) {
		(void)broken(v, t->strange ? &STRANGE : &TWICE, -1);
		(void)snprintf(v->what, sizeof(v->what),
			       t->strange ? "a worker ran something that nobody had submitted"
					  : "a task ran twice");
		return true;
	}
	for (uint32_t i = 0; i < s->ops; i++)
		if (wrong_end(x, e, i, t, v))
			return true;
	for (uint32_t i = 0; i < s->ops; i++)
		if ((s->op[i].op == OP_POOL_SUBMIT || s->op[i].op == OP_POOL_TRY_SUBMIT) &&
		    (wrong_inner(x, e, i, t, v) ||
		     wrong_task(x, e, (unsigned)s->op[i].arg[0],
				e->answer.history[i].result[0] == 0, t, (int)i, v)))
			return true;
	return false;
}

static bool leaks(const struct execution *e, struct verdict *v)
{
	static const struct law leak = {
		.finding = "leak",
		.name = "nothing is left on the heap",
		.why = "What a pool allocates it releases in pool_destroy, or before.",
	};

	if (e->answer.blocks == 0)
		return false;
	(void)broken(v, &leak, -1);
	(void)snprintf(v->what, sizeof(v->what),
		       "%u block%s (%u bytes) are left after everything was destroyed",
		       e->answer.blocks, e->answer.blocks == 1 ? "" : "s", e->answer.bytes);
	return true;
}

/* Of the run of many tasks. */
static bool wrong_many(const struct exploration *x, const struct execution *e, struct verdict *v)
{
	const struct pool_shape *shape = x->context;

	for (uint32_t i = 0; i < x->script->ops; i++) {
		const struct explore_op *o = &x->script->op[i];
		const struct explore_history *h = &e->answer.history[i];
		if (o->op != OP_POOL_MANY)
			continue;
		if (e->answer.created != shape->threads) {
			(void)broken(v, e->answer.created > shape->threads ? &PER_TASK : &TOO_FEW,
				     (int)i);
			(void)snprintf(v->what, sizeof(v->what),
				       "%u threads were made by a pool of %u while %" PRId64
				       " tasks ran",
				       e->answer.created, shape->threads, o->arg[0]);
			return true;
		}
		if (h->back && (h->result[0] || h->result[1] != o->arg[0])) {
			(void)broken(v,
				     h->result[0]   ? &WRONG_STATUS
				     : h->result[2] ? &TWICE
						    : &LOST,
				     (int)i);
			(void)snprintf(v->what, sizeof(v->what),
				       "of %" PRId64 " tasks %" PRId64 " ran once and %" PRId64
				       " oftener; the pool said %s",
				       o->arg[0], h->result[1], h->result[2],
				       status_name(h->result[0]));
			return true;
		}
	}
	return false;
}

bool pool_judge(const struct exploration *x, const struct execution *e, struct verdict *v)
{
	struct tasks t;

	look(x->script, e, &t);
	if (wrong_create(x, e, v) || wrong_many(x, e, v) || wrong_sleep(x, e, v))
		return true;
	for (uint32_t i = 0; i < x->script->ops; i++)
		if (e->answer.history[i].back && wrong_answer(x, e, i, v))
			return true;
	if (e->answer.end != EXPLORE_END_DONE)
		return false;
	return (t.known && wrong_run(x, e, &t, v)) || leaks(e, v);
}
