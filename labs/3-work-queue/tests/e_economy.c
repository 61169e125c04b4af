/* Part E: pop_many, and what a wake-up costs. */
#include "explored.h"
#include "ops.h"

LAB_TEST(many, .id = "L3.E.1", .gate = true, .points = 3, .detector = "EXP", .builds = "exp",
	 .about = "bq_pop_many",
	 .title = "bq_pop_many takes consecutive items at one instant, and wakes enough")
{
	struct explored *w = explored_open(true);

	explore_queue(w, 2, "push push ; push | push ; | | many:2");
	explore_queue(w, 2, "push push ; many:2 | pop ; push");
	explore_queue(w, 2, "push push ; many:2 | push | pop");
}

/* How many threads the operation woke, or tried to wake though nobody slept. */
static void count_wakes(const struct execution *e, const struct explore_event *event, unsigned op,
			unsigned *woken, unsigned *kernel_for_nothing)
{
	bool under_way[EXPLORE_THREADS] = { 0 };

	*woken = *kernel_for_nothing = 0;
	for (uint32_t i = 0; i < e->answer.events; i++) {
		const struct explore_event *at = &event[i];
		if (at->thread >= EXPLORE_THREADS)
			continue;
		if (at->kind == EXPLORE_EVENT_CALL || at->kind == EXPLORE_EVENT_RETURN)
			under_way[at->thread] = at->kind == EXPLORE_EVENT_CALL && at->detail == op;
		/* A thread that wakes from a wait for the lock was not woken in vain. */
		*woken += at->kind == EXPLORE_EVENT_WAKES && at->other < EXPLORE_THREADS &&
			  under_way[at->other] && at->step != EXPLORE_STEP_LOCK &&
			  at->step != EXPLORE_STEP_RELOCK;
		*kernel_for_nothing += at->kind == EXPLORE_EVENT_UNHEARD &&
				       at->step == EXPLORE_STEP_FUTEX_WAKE && under_way[at->thread];
	}
}

static void law_wakes(struct explored *w, int64_t capacity, const char *threads, uint16_t op,
		      unsigned most)
{
	const struct explore_event *event;
	unsigned woken, for_nothing;
	const struct execution *e = play_once(w, capacity, threads, EXPLORE_VT, &event);

	count_wakes(e, event, operation_of(op, 0), &woken, &for_nothing);
	LAW(woken <= most, "wakes-everybody", "%s woke %u threads for %u item%s", function_of(op),
	    woken, most, most == 1 ? "" : "s");
	LAW(for_nothing == 0, "wakes-nobody",
	    "%s asked the kernel %u times to wake somebody though nobody slept", function_of(op),
	    for_nothing);
}

LAB_TEST(wakes_few, .id = "L3.E.2", .points = 4, .detector = "CNT", .builds = "exp",
	 .about = "bq_push", .title = "a push wakes one thread, and none when nobody waits")
{
	struct explored *w = explored_open(true);

	law_wakes(w, 1,
		  "pop | pop | pop | pop | pop | pop | pop | pop ; | | | | | | | | push ;"
		  " | | | | | | | | push push push push push push push",
		  OP_BQ_PUSH, 1);
	law_wakes(w, 2, "push", OP_BQ_PUSH, 0);
	law_wakes(w, 2, "push ; pop", OP_BQ_POP, 0);
	law_wakes(w, 2, "push push ; push | push | push | push ; | | | | many:2 ; | | | | many:2",
		  OP_BQ_POP_MANY, 2);
}

/* Whether a thread went to sleep on the clock while it held a lock. Instructions are not counted:
 * their number depends on compiler and libc, and valgrind, which could count them, may be missing;
 * what decides must be the same everywhere. */
LAB_TEST(no_sleep_inside, .id = "L3.E.3", .points = 3, .detector = "CNT", .builds = "exp",
	 .about = "bq_push", .title = "the queue never sleeps while it holds its lock")
{
	struct explored *w = explored_open(true);
	const struct explore_event *event;
	const struct execution *e = play_once(
		w, 2, "push push size ; | push | push ; pop | | | many:2", EXPLORE_VT, &event);
	unsigned held[EXPLORE_THREADS] = { 0 };

	for (uint32_t i = 0; i < e->answer.events; i++) {
		const struct explore_event *at = &event[i];
		if (at->thread >= EXPLORE_THREADS ||
		    (at->kind != EXPLORE_EVENT_RUNS && at->kind != EXPLORE_EVENT_STEP))
			continue;
		unsigned *h = &held[at->thread];
		*h += at->step == EXPLORE_STEP_LOCK || at->step == EXPLORE_STEP_RELOCK;
		*h -= at->step == EXPLORE_STEP_UNLOCK || at->step == EXPLORE_STEP_WAIT;
		LAW(!(at->step == EXPLORE_STEP_SLEEP && *h), "sleeps-with-lock",
		    "T%u sleeps while it holds a lock: everybody else waits for the sleeper",
		    at->thread);
	}
}
