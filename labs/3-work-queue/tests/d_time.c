/* Part D: time-outs, in virtual time. */
#include <errno.h>
#include <inttypes.h>

#include "explored.h"
#include "ops.h"

static const struct law CLOCK = {
	.finding = "wrong-clock",
	.name = "a deadline is a moment of CLOCK_MONOTONIC",
	.why = "A time-out comes at its deadline, whatever the wall clock says.",
	.where = { { .function = "bq_pop_until", .role = "waits" } },
};

/* One wait for nothing, until the deadline and no longer. */
static void law_waits_until(struct explored *w, const char *threads, uint16_t op,
			    uint64_t deadline_us)
{
	const struct explore_event *event;
	const struct execution *e = play_once(w, 1, threads, EXPLORE_VT | EXPLORE_WALL_STEP,
					      &event);
	const int64_t status = e->answer.history[operation_of(op, 0)].result[0];
	const uint64_t end_us = (e->answer.clock_ns - EXPLORE_START_NS) / 1000;

	LAW(status == ETIMEDOUT, "no-timeout", "%s returned %" PRId64 ", not ETIMEDOUT",
	    function_of(op), status);
	LAW_OF(&CLOCK, end_us >= deadline_us && end_us < deadline_us + 1000,
	       "%s gave up at %" PRIu64 " us; its deadline was %" PRIu64 " us", function_of(op),
	       end_us, deadline_us);
}

static void law_status(struct explored *w, const char *threads, uint16_t op, int64_t wanted)
{
	const struct explore_event *event;
	const struct execution *e = play_once(w, 1, threads, EXPLORE_VT, &event);
	const int64_t status = e->answer.history[operation_of(op, 0)].result[0];

	LAW(status == wanted, "wrong-status", "%s returned %" PRId64 ", not %" PRId64,
	    function_of(op), status, wanted);
}

LAB_TEST(deadlines, .id = "L3.D.1", .gate = true, .points = 4, .detector = "VT", .builds = "exp",
	 .about = "bq_pop_until",
	 .title = "a time-out comes at its deadline of CLOCK_MONOTONIC, not before, not a "
		  "millisecond "
		  "after")
{
	struct explored *w = explored_open(true);

	law_waits_until(w, "pop_until:5000", OP_BQ_POP_UNTIL, 5000);
	law_waits_until(w, "pop_until:3600000000", OP_BQ_POP_UNTIL, 3600000000);
	law_waits_until(w, "push ; push_until:70000", OP_BQ_PUSH_UNTIL, 70000);
	law_status(w, "push_until:0", OP_BQ_PUSH_UNTIL, 0);
	law_status(w, "push ; pop_until:0", OP_BQ_POP_UNTIL, 0);
	law_status(w, "pop_until:0", OP_BQ_POP_UNTIL, ETIMEDOUT);
	law_status(w, "pop_until:-1 ; | push", OP_BQ_POP_UNTIL, 0);
	law_status(w, "close ; pop_until:0", OP_BQ_POP_UNTIL, EPIPE);
}

LAB_TEST(timed_out_waiter, .id = "L3.D.2", .points = 4, .detector = "EXP", .builds = "exp",
	 .about = "bq_pop_until",
	 .title = "who gives up does not take a wake-up with it that was meant for another")
{
	struct explored *w = explored_open(false);

	w->budget.timeouts = 2;
	explore_queue(w, 1, "pop_until:2 | pop | push");
	explore_queue(w, 1, "pop_until:50 | pop | push");
	explore_queue(w, 2, "pop_until:2 | pop_until:3 | push");
	explore_queue(w, 1, "push ; push_until:3 | push | pop");
}

LAB_TEST(spurious_deadline, .id = "L3.D.3", .points = 2, .detector = "FI", .builds = "exp",
	 .about = "bq_pop_until", .title = "wake-ups without cause do not lengthen a wait")
{
	struct explored *w = explored_open(false);

	w->budget.spurious = 2;
	w->latest_us = 10000;
	explore_queue(w, 1, "pop_until:10000 | pop_until:9000 size size");
	explore_queue(w, 1, "push ; push_until:10000 | push_until:9000 size size");
}
