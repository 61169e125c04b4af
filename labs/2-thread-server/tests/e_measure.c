/* Part E: what pool_measure says of work whose times are known to the microsecond, since time is
 * virtual, while other threads compute on cores of their own. */
#include <inttypes.h>

#include "pool.h"

static const struct law PROCESS_TIME = {
	.finding = "process-time-counted",
	.name = "CT is the computing time of this thread alone",
	.why = "The CPU clock of the process counts the work of all threads; a thread has one of "
	       "its own.",
};
static const struct law WAIT_COUNTED = {
	.finding = "wait-counted",
	.name = "CT leaves out the time in which the thread waits",
	.why = "Who waits needs no core: that time belongs to WT.",
};
static const struct law WRONG = {
	.finding = "wrong-measure",
	.name = "WT and CT are means per run",
	.why = "CT is the time on a core, WT the rest of the time that passed.",
};

static const struct measured {
	int64_t wt_us, ct_us, reps;
	unsigned others;
} cases[] = {
	{ 900, 100, 1, 0 }, { 900, 100, 6, 3 },   { 0, 5000, 3, 2 },      { 20000, 0, 3, 3 },
	{ 300, 700, 0, 1 }, { 2000, 3000, 9, 3 }, { 1000001, 77, 30, 1 },
};

/* What the mean of the runs is; they come in threes that have it, and a rest. */
static int64_t mean(int64_t us, int64_t reps)
{
	int64_t sum = 0;

	for (int64_t run = 0; run < reps; run++)
		sum += us + pool_measure_more(us, run);
	return sum / reps;
}

static bool near(int64_t got, int64_t wanted)
{
	return got >= wanted - 1 && got <= wanted + 1;
}

static void law_measure(struct pool_test *w, const struct measured *m)
{
	enum { LONG_US = 100000000 };
	struct explore_script script = { .threads = 1 + m->others,
					 .phases = 1,
					 .ops = 1 + m->others };
	static const struct pool_shape shape;
	const int64_t reps = m->reps ? m->reps : 1;

	script.op[0] = (struct explore_op){ .thread = 1, .op = OP_POOL_MEASURE };
	script.op[0].arg[0] = m->wt_us;
	script.op[0].arg[1] = m->ct_us;
	script.op[0].arg[2] = m->reps;
	for (unsigned i = 1; i <= m->others; i++) {
		script.op[i] = (struct explore_op){ .thread = (uint8_t)(1 + i),
						    .op = OP_POOL_BURN };
		script.op[i].arg[0] = LONG_US;
	}
	const struct execution *e = pool_play(w, &script, &shape, 1 + m->others, 0, NULL);
	const struct explore_history *h = &e->answer.history[0];
	const int64_t wt = mean(m->wt_us, reps), ct = mean(m->ct_us, reps);
	law_written(h->result[1] != 0 || h->result[2] != 0 || h->result[3] != 0, "pool_measure");
	LAW_OF(&WRONG, h->result[3] == reps,
	       "pool_measure with %" PRId64 " repetitions ran the function %" PRId64 " times",
	       m->reps, h->result[3]);
	const bool right = near(h->result[2], ct) && near(h->result[1], wt);
	const bool high = h->result[2] > ct + 1;
	const struct law *law = right                                 ? &WRONG
				: high && near(h->result[2], ct + wt) ? &WAIT_COUNTED
				: high && m->others                   ? &PROCESS_TIME
								      : &WRONG;
	LAW_OF(law, right,
	       "a function computes %" PRId64 " us and waits %" PRId64
	       " us, while %u other threads compute: CT is said to be %" PRId64 " us, WT %" PRId64
	       " us",
	       ct, wt, m->others, h->result[2], h->result[1]);
}

LAB_TEST(measure, .id = "L2.E.2", .points = 3, .detector = "VT", .builds = "exp",
	 .about = "pool_measure",
	 .title = "pool_measure tells computing from waiting, to the microsecond")
{
	struct pool_test *w = pool_open(true, 1);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		law_measure(w, &cases[i]);
	EVIDENCE("functions", sizeof(cases) / sizeof(cases[0]));
}
