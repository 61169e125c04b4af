/* Part C: close. */
#include "explored.h"

LAB_TEST(close_wakes, .id = "L3.C.1", .gate = true, .points = 6, .detector = "EXP", .builds = "exp",
	 .about = "bq_close",
	 .title = "bq_close wakes everybody who waits for a slot or for an item")
{
	struct explored *w = explored_open(true);

	explore_queue(w, 1, "push ; push | push");
	explore_queue(w, 1, "pop | pop");
	explore_queue(w, 1, "push ; push | push | close");
	explore_queue(w, 2, "pop | pop | close");
}

LAB_TEST(close_drains, .id = "L3.C.2", .points = 5, .detector = "EXP", .builds = "exp",
	 .about = "bq_pop", .title = "a closed queue gives what is in it, then EPIPE")
{
	struct explored *w = explored_open(false);

	explore_queue(w, 2, "push push ; close ; pop pop | pop pop");
	explore_queue(w, 2, "push push | close ; pop pop | pop");
	explore_queue(w, 1, "push | pop pop | close");
	explore_queue(w, 2, "push push ; close | many:2 | try_pop");
}

LAB_TEST(
	close_again, .id = "L3.C.3", .points = 4, .detector = "EXP", .builds = "exp",
	.about = "bq_close",
	.title =
		"bq_close may come twice, at once, and against a push: the item is in if it says 0")
{
	struct explored *w = explored_open(false);

	explore_queue(w, 1, "close | close | pop");
	explore_queue(w, 1, "close close | close");
	explore_queue(w, 1, "push ; close | close | push");
	explore_queue(w, 2, "push | push | close ; pop pop pop");
	explore_queue(w, 1, "try_push | push | close ; try_pop try_pop");
}
