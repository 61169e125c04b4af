/* Configurations of part A: from a text to a whole exploration, or to one play. */
#include "clinic.h"

/* labs/README.md of the tests' budgets: 20 000 executions of each configuration. */
enum { SEEDED = 5000, BOUNDED = 15000, SPURIOUS = 2 };

static const struct budget whole = { .seeded = SEEDED, .bounded = BOUNDED, .spurious = SPURIOUS };

struct clinic *clinic_open(void)
{
	static struct clinic w;

	explorer_open(&w.explorer, &w.stage);
	return &w;
}

static struct exploration make(struct clinic *w, const char *threads, struct explore_script *script)
{
	clinic_script(threads, schedule_mix(lab_seed(), w->configuration), script);
	return (struct exploration){
		.name = threads,
		.script = script,
		.budget = whole,
		.judge = clinic_judge,
		.name_of = clinic_function,
		.explain = clinic_explain,
	};
}

void clinic_explore(struct clinic *w, const char *threads)
{
	static struct explore_script script;
	const struct exploration x = make(w, threads, &script);

	explore(&w->explorer, &x, w->configuration++);
}

const struct execution *clinic_play(struct clinic *w, const char *threads, uint32_t points,
				    const struct explore_event **event)
{
	static struct explore_script script;
	static struct execution e;
	struct verdict v;
	const struct exploration x = make(w, threads, &script);

	explorer_script(&w->explorer, &script);
	e.plan = (struct explore_plan){ .index = w->configuration++,
					.flags = EXPLORE_EVENT_LOG,
					.points_max = points,
					.k = 1,
					.depth = 1,
					.strategy = EXPLORE_DEFAULT };
	LAW(exploration_play(&w->explorer, &e), "died", "the program ended while it was played");
	*event = w->explorer.area->event;
	if (exploration_judge(&x, &e, &v)) {
		clinic_explain(&x, &e, *event, &v);
		law_state(false, &v.law, "%s: %s", threads, v.what);
	}
	return &e;
}

bool clinic_is_right(struct clinic *w, const char *threads, uint32_t count)
{
	static struct explore_script script;
	static struct execution e;
	struct verdict v;
	const struct exploration x = make(w, threads, &script);
	const struct budget budget = { .seeded = count, .spurious = SPURIOUS };
	struct schedule *s = schedule_open(&budget, schedule_mix(lab_seed(), w->configuration++));
	bool right = true;

	explorer_script(&w->explorer, &script);
	while (right && schedule_next(s, &e.plan, e.choice)) {
		right = exploration_play(&w->explorer, &e) && !exploration_judge(&x, &e, &v);
		if (right)
			schedule_learn(s, &e);
	}
	schedule_close(s);
	return right;
}

/* The values are the first block that the caller makes. */
unsigned clinic_readers(const struct execution *e, const struct explore_event *event)
{
	uint64_t block = UINT64_MAX;
	unsigned threads = 0;

	for (uint32_t i = 0; i < e->answer.events; i++) {
		const struct explore_event *at = &event[i];
		if (at->kind == EXPLORE_EVENT_STEP && at->step == EXPLORE_STEP_ALLOCATE &&
		    at->thread == 1 && block == UINT64_MAX)
			block = at->detail;
		if (at->kind == EXPLORE_EVENT_ACCESS && at->step == EXPLORE_STEP_READ &&
		    at->detail >> 56 == EXPLORE_MEMORY_HEAP && at->thread < EXPLORE_THREADS &&
		    (at->detail >> 24 & 0xffffff) == block)
			threads |= 1u << at->thread;
	}
	return (unsigned)__builtin_popcount(threads);
}

static const struct law LEAK = {
	.finding = "leak",
	.name = "a call leaves nothing behind",
	.why = "What a call allocates for itself it releases before it returns, or it uses it "
	       "again in the next one.",
};

void clinic_law_no_leak(struct clinic *w, const char *call)
{
	enum { FEW = 2, MANY = 6 };
	const struct explore_event *event;
	char calls[128] = "";
	uint32_t blocks[MANY + 1] = { 0 };

	for (unsigned n = 1; n <= MANY; n++) {
		const size_t used = strlen(calls);
		(void)snprintf(calls + used, sizeof(calls) - used, "%s%s", n > 1 ? " " : "", call);
		if (n == FEW || n == MANY)
			blocks[n] = clinic_play(w, calls, 0, &event)->answer.blocks;
	}
	LAW_OF(&LEAK, blocks[MANY] <= blocks[FEW],
	       "%u block%s of memory %s left after %d calls, and %u after %d", blocks[FEW],
	       blocks[FEW] == 1 ? "" : "s", blocks[FEW] == 1 ? "is" : "are", FEW, blocks[MANY],
	       MANY);
}
