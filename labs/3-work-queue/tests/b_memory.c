/* Part B, what one thread may know of another's writes. */
#include "explored.h"

LAB_TEST(payload, .id = "L3.B.3", .points = 4, .detector = "HB", .builds = "exp",
	 .about = "bq_size",
	 .title = "no data race, and what the producer wrote is there after bq_pop")
{
	struct explored *w = explored_open(false);

	explore_queue(w, 1, "push_cell push_cell | pop_cell pop_cell | size");
	explore_queue(w, 2, "push_cell | push_cell | pop_cell pop_cell size");
	explore_queue(w, 1, "push | pop | size size");
}

LAB_TEST(long_run, .id = "L3.B.4", .points = 2, .detector = "EXP", .builds = "exp",
	 .about = "bq_push",
	 .title = "200 000 items through three slots, four producers, four consumers: all, once, "
		  "in order")
{
	struct explored *w = explored_open(true);

	explore_run(w, "capacity 3, four threads push 50 000 items each, four pop them", 3,
		    "push_run:50000 | push_run:50000 | push_run:50000 | push_run:50000 | "
		    "pop_run:50000 | pop_run:50000 | pop_run:50000 | pop_run:50000");
	EVIDENCE("items", 600000);
}

/* A second of virtual time passes because another thread has a deadline; who sleeps must not be
 * seen in it. A few looks before the sleep are allowed. */
LAB_TEST(sleeps_quietly, .id = "L3.B.5", .points = 2, .detector = "CNT", .builds = "exp",
	 .about = "bq_pop", .title = "a call that waits sleeps, and does not wake to look again")
{
	enum { LOOKS_MAX = 100 };
	static const struct {
		const char *threads;
		uint8_t thread;
	} waits[] = { { "pop | pop_until:1000000", 1 }, { "push ; push | push_until:1000000", 1 } };
	struct explored *w = explored_open(true);

	w->no_progress = "busy-wait"; /* looks for ever, since it will not be given anything */
	for (size_t i = 0; i < 2; i++) {
		const struct explore_event *event;
		const struct execution *e = play_once(w, 1, waits[i].threads, EXPLORE_VT, &event);
		unsigned looks = 0;
		bool asleep = false;
		for (uint32_t k = 0; k < e->answer.events; k++) {
			if (event[k].thread != waits[i].thread)
				continue;
			asleep = asleep || event[k].kind == EXPLORE_EVENT_SLEEPS;
			looks += asleep && event[k].kind == EXPLORE_EVENT_RUNS;
		}
		LAW(looks <= LOOKS_MAX, "busy-wait",
		    "a thread that waits woke up and looked %u times in a virtual second", looks);
	}
}
