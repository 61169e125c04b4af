/* Part C, economy: who has nothing to do sleeps. */
#include "pool.h"

/* Virtual time passes because one thread pauses; the pool must not be seen in it, neither before
 * its first task nor after one. A few looks of a thread that is about to fall asleep are allowed.
 */
LAB_TEST(sleeps_quietly, .id = "L2.C.3", .points = 2, .detector = "CNT", .builds = "exp",
	 .about = "pool_create",
	 .title = "an idle pool sleeps: no work and no wake-up in ten seconds")
{
	enum { LOOKS_MAX = 100 };
	static const struct pool_shape shape = { .threads = 4, .capacity = 2 };
	struct pool_test *w = pool_open(true, 1);
	struct explore_script script;
	unsigned looks = 0;
	bool pauses = false;

	pool_script("pause:10000000 ; submit idle ; pause:10000000 ; drain", &shape, &script);
	const struct execution *e = pool_play(w, &script, &shape, 4, EXPLORE_EVENT_LOG,
					      "busy-wait");
	for (uint32_t i = 0; i < e->answer.events; i++) {
		const struct explore_event *at = &w->explorer.area->event[i];
		if (at->thread == 1 &&
		    (at->kind == EXPLORE_EVENT_CALL || at->kind == EXPLORE_EVENT_RETURN))
			pauses = at->kind == EXPLORE_EVENT_CALL && at->detail < script.ops &&
				 script.op[at->detail].op == OP_POOL_PAUSE;
		looks += pauses && at->thread > script.threads && at->kind == EXPLORE_EVENT_RUNS;
	}
	LAW(looks <= LOOKS_MAX, "busy-wait",
	    "workers without a task woke up and looked %u times in 20 virtual seconds", looks);
	EVIDENCE("virtual_seconds", 20);
}
