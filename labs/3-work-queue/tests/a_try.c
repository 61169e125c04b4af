/* Part A, under the explorer: a call that sleeps is seen. */
#include "explored.h"

LAB_TEST(try_never_waits, .id = "L3.A.3", .points = 3, .detector = "HANG", .builds = "exp",
	 .about = "bq_try_push",
	 .title = "bq_try_push and bq_try_pop never wait, and say why they did nothing")
{
	struct explored *w = explored_open(true);

	explore_queue(w, 1, "size try_push size try_push try_pop try_pop size");
	explore_queue(w, 2, "try_push try_push try_push size try_pop try_pop try_pop");
	explore_queue(w, 2, "try_push try_pop close try_push try_pop size");
}
