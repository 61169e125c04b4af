/* Configurations of explored tests: from a text to a whole exploration. */
#include "explored.h"

#include <string.h>

#include "planted.h"

/* labs/README.md of the tests' budgets: seeded executions of the mix, then a bounded search. */
enum { SEEDED = 5000, BOUNDED = 50000, SPURIOUS = 2 };

struct explored *explored_open(bool gate)
{
	static struct explored w;

	w.budget = (struct budget){ .seeded = SEEDED,
				    .bounded = BOUNDED,
				    .spurious = gate ? 0 : SPURIOUS };
	explorer_open(&w.explorer, &w.stage);
	return &w;
}

static struct explore_script script; /* of the configuration under way */

static struct exploration make(struct explored *w, const char *name, const struct subject *subject,
			       const char *threads)
{
	script_of(threads, subject, schedule_mix(lab_seed(), w->configuration), &script);
	return (struct exploration){
		.name = name,
		.script = &script,
		.budget = w->budget,
		.judge = judge_history,
		.name_of = function_of,
		.explain = explain_queue,
		.context = subject,
	};
}

static void run(struct explored *w, const char *name, const struct subject *subject,
		const char *threads)
{
	const struct exploration x = make(w, name, subject, threads);

	explore(&w->explorer, &x, w->configuration++);
}

const struct execution *play_once(struct explored *w, int64_t capacity, const char *threads,
				  uint32_t flags, const struct explore_event **event)
{
	static struct execution e;
	static struct explore_event event_log[EXPLORE_EVENTS];
	struct verdict v;
	const struct subject subject = { .capacity = capacity };
	const struct exploration x = make(w, threads, &subject, threads);

	explorer_script(&w->explorer, &script);
	e.plan = (struct explore_plan){ .index = w->configuration++,
					.flags = flags | EXPLORE_EVENT_LOG,
					.k = 1,
					.depth = 1,
					.strategy = EXPLORE_DEFAULT };
	LAW(exploration_play(&w->explorer, &e), "died", "the program ended while it was played");
	*event = w->explorer.area->event;
	if (exploration_judge(&x, &e, &v)) {
		explain_queue(&x, &e, *event, &v);
		if (w->no_progress && e.answer.finding.kind == EXPLORE_NO_PROGRESS)
			v.law.finding = w->no_progress;
		law_state(false, &v.law, "%s", v.what);
	}
	memcpy(event_log, *event, e.answer.events * sizeof(*event_log));
	*event = event_log;
	planted_alone(&w->explorer, &x, schedule_mix(lab_seed(), w->configuration));
	return &e;
}

unsigned operation_of(uint16_t op, unsigned nth)
{
	for (unsigned i = 0; i < script.ops; i++)
		if (script.op[i].op == op && nth-- == 0)
			return i;
	fault("a script has no such operation");
}

void explore_queue(struct explored *w, int64_t capacity, const char *threads)
{
	const struct subject subject = { .capacity = capacity, .latest_us = w->latest_us };
	char name[128];

	(void)snprintf(name, sizeof(name), "capacity %d, %s", (int)capacity, threads);
	run(w, name, &subject, threads);
}

void explore_run(struct explored *w, const char *name, int64_t capacity, const char *threads)
{
	enum { POINTS_MAX = 100000000 };
	const struct subject subject = { .capacity = capacity };
	struct exploration x = make(w, name, &subject, threads);

	x.judge = judge_run;
	x.explain = NULL;
	x.budget = (struct budget){ .seeded = 2, .bounded = 1, .points = POINTS_MAX };
	explore(&w->explorer, &x, w->configuration++);
}

void explore_semaphore(struct explored *w, int64_t initial, int64_t max, const char *threads)
{
	const struct subject subject = { .semaphore = true, .capacity = max, .initial = initial };
	char name[128];

	(void)snprintf(name, sizeof(name), "value %d of at most %d, %s", (int)initial, (int)max,
		       threads);
	run(w, name, &subject, threads);
}
