/* Configurations of the pool's tests: from a text to a whole exploration, or to one execution in
 * virtual time. */
#include "pool.h"

#include <string.h>

enum { SEEDED = 5000, BOUNDED = 50000, SPURIOUS = 2 };

struct pool_test *pool_open(bool gate, unsigned configurations)
{
	static struct pool_test w;

	w.budget = (struct budget){ .seeded = SEEDED,
				    .bounded = BOUNDED / configurations,
				    .spurious = gate ? 0 : SPURIOUS };
	explorer_open(&w.explorer, &w.stage);
	return &w;
}

static void run(struct pool_test *w, const char *name, const struct pool_shape *shape,
		const char *text)
{
	static struct explore_script script;

	pool_script(text, shape, &script);
	const struct exploration x = { .name = name,
				       .script = &script,
				       .budget = w->budget,
				       .judge = pool_judge,
				       .name_of = pool_function,
				       .explain = pool_explain,
				       .crowded = shape->left > 0,
				       .context = shape };
	explore(&w->explorer, &x, w->configuration++);
}

void explore_pool(struct pool_test *w, unsigned threads, unsigned capacity, const char *text)
{
	const struct pool_shape shape = { .threads = threads, .capacity = capacity };
	char name[160];

	(void)snprintf(name, sizeof(name), "%u worker%s, room for %u, %s", threads,
		       threads == 1 ? "" : "s", capacity, text);
	run(w, name, &shape, text);
}

void explore_failure(struct pool_test *w, unsigned left)
{
	const struct pool_shape shape = { .threads = left, .capacity = 1, .left = left };
	char name[160];

	(void)snprintf(name, sizeof(name), "worker %u of %u cannot be started", left + 1, left + 1);
	run(w, name, &shape, "");
}

const struct execution *pool_play(struct pool_test *w, const struct explore_script *script,
				  const struct pool_shape *shape, unsigned cores, uint32_t flags,
				  const char *endless)
{
	enum { POINTS_MAX = 10000000, EDGES_MAX = 1000000 };
	static struct execution e;
	struct verdict v;
	const struct exploration x = { .name = "in virtual time",
				       .script = script,
				       .judge = pool_judge,
				       .name_of = pool_function,
				       .context = shape };

	explorer_script(&w->explorer, script);
	e.plan = (struct explore_plan){ .index = w->configuration++,
					.flags = flags | EXPLORE_VT,
					.k = 1,
					.depth = 1,
					.cores = (uint8_t)cores,
					.points_max = flags & EXPLORE_EVENT_LOG ? 0 : POINTS_MAX,
					.edges_max = EDGES_MAX,
					.strategy = EXPLORE_DEFAULT };
	LAW(exploration_play(&w->explorer, &e), "died", "the program ended while it was played");
	if (!exploration_judge(&x, &e, &v))
		return &e;
	if (endless && e.answer.finding.kind == EXPLORE_NO_PROGRESS)
		v.law.finding = endless;
	law_state(false, &v.law, "%s", v.what);
	return &e;
}
