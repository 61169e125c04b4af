/* Parts B0 and B: a semaphore and the queue for many threads, under all the schedules that the
 * budget allows. */
#include "explored.h"

LAB_TEST(semaphore, .id = "L3.B0.1", .gate = true, .points = 6, .detector = "EXP", .builds = "exp",
	 .about = "csem_post",
	 .title = "csem wakes whoever can go on, and never exceeds its maximum")
{
	struct explored *w = explored_open(true);

	explore_semaphore(w, 0, 4, "wait | wait | wait ; | | | post | post ; | | | post");
	explore_semaphore(w, 0, 4, "wait | wait | post | post");
	explore_semaphore(w, 1, 1, "post | try_wait try_wait");
}

LAB_TEST(semaphore_try, .id = "L3.B0.2", .points = 4, .detector = "EXP", .builds = "exp",
	 .about = "csem_try_wait", .title = "csem_try_wait never waits, and no wake-up is lost")
{
	struct explored *w = explored_open(false);

	explore_semaphore(w, 1, 2, "try_wait | try_wait | post");
	explore_semaphore(w, 0, 1, "wait | post post | try_wait");
	explore_semaphore(w, 0, 2, "wait wait | post | post try_wait");
}

LAB_TEST(one_to_one, .id = "L3.B.1", .gate = true, .points = 5, .detector = "EXP", .builds = "exp",
	 .about = "bq_pop",
	 .title = "one producer and one consumer, one slot: three items pass in order")
{
	struct explored *w = explored_open(true);

	explore_queue(w, 1, "push push push | pop pop pop");
}

LAB_TEST(many_to_many, .id = "L3.B.2", .points = 7, .detector = "EXP", .builds = "exp",
	 .about = "bq_push",
	 .title = "several producers and consumers: linearizable, and nobody sleeps for ever")
{
	static const char *const shapes[] = {
		"push push | pop | pop",
		"push | push | pop pop",
		"push push push | pop | pop | pop",
		"push | push | push | pop pop pop",
		"push push | push push | pop pop | pop pop",
		"push try_push | pop | try_pop",
		"push push | try_pop | pop",
		"push push | push try_pop | pop pop pop",
		"push | push | pop | pop",
	};
	struct explored *w = explored_open(false);

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		for (int64_t capacity = 1; capacity <= 2; capacity++)
			explore_queue(w, capacity, shapes[i]);
}
