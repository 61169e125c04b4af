/* Part E: the student's pool on N virtual cores, at every size from 1 to 64. Does the size that the
 * student's formula gives reach the best throughput there is, and would half of it not? */
#include <inttypes.h>

#include "pool.h"

#define SIZES     64
#define TASKS     4000
#define BEST_PART 0.99 /* of the best throughput must be reached                              */
#define HALF_PART 0.95 /* must not be reached by half the size                                 */

static const struct law TOO_FEW = {
	.finding = "wrong-pool-size",
	.name = "the formula's size reaches the best throughput",
	.why = "While a thread waits its core is free for another one: N * (1 + WT / CT) threads "
	       "keep N cores busy.",
};
static const struct law TOO_MANY = {
	.finding = "wrong-pool-size",
	.name = "the formula's size is not larger than it must be",
	.why = "Each thread costs memory and switches: where half of them do the same work the "
	       "rest is wasted.",
};
static const struct law STANDS_STILL = {
	.finding = "pool-stands-still",
	.name = "the pool works at every size",
	.why = "All workers run tasks at the same time, as many as there are.",
};

static const struct workload {
	const char *name;
	unsigned cores;
	int64_t wt_us, ct_us;
} workloads[] = {
	{ "pure computing", 4, 0, 1000 },    { "half and half", 4, 1000, 1000 },
	{ "a fast disk", 8, 3000, 1000 },    { "a data base", 2, 9000, 1000 },
	{ "an odd mixture", 3, 2500, 1000 }, { "one core, a slow network", 1, 47000, 1000 },
};
#define WORKLOADS (sizeof(workloads) / sizeof(workloads[0]))

/* One operation, played in virtual time on so many cores; its results. */
static const int64_t *play(struct pool_test *w, uint16_t op, const int64_t arg[EXPLORE_ARGS],
			   unsigned cores)
{
	struct explore_script script = { .threads = 1, .phases = 1, .ops = 1 };
	static const struct pool_shape shape;

	script.op[0] = (struct explore_op){ .thread = 1, .op = op };
	for (unsigned i = 0; i < EXPLORE_ARGS; i++)
		script.op[0].arg[i] = arg[i];
	return pool_play(w, &script, &shape, cores, 0, NULL)->answer.history[0].result;
}

/* Tasks in a virtual second. */
static double throughput(struct pool_test *w, const struct workload *load, unsigned size)
{
	const int64_t arg[EXPLORE_ARGS] = { size, load->wt_us, load->ct_us, TASKS };
	const int64_t *result = play(w, OP_POOL_LOAD, arg, load->cores);

	LAW_OF(&STANDS_STILL, result[0] == 0 && result[2] == TASKS && result[1] > 0,
	       "%s: a pool of %u ran %" PRId64 " of %d tasks, status %" PRId64, load->name, size,
	       result[2], TASKS, result[0]);
	return TASKS / 2.0 * 1e9 / (double)result[1];
}

static unsigned formula(struct pool_test *w, const struct workload *load)
{
	const int64_t arg[EXPLORE_ARGS] = { load->cores, load->wt_us, load->ct_us, SIZES };
	const int64_t size = play(w, OP_POOL_IDEAL_SIZE, arg, 1)[0];

	LAW_OF(&TOO_FEW, size >= 1 && size <= SIZES,
	       "%s: pool_ideal_size is %" PRId64 ", though 1 to %d threads are allowed", load->name,
	       size, SIZES);
	return (unsigned)size;
}

/* What was measured of one workload. */
struct curve {
	double at[SIZES]; /* [0] is a pool of one                                             */
	double best;
	unsigned size; /* the formula's                                                       */
};

static void measure(struct pool_test *w, const struct workload *load, struct curve *c)
{
	c->size = formula(w, load);
	for (unsigned p = 1; p <= SIZES; p++) {
		c->at[p - 1] = throughput(w, load, p);
		c->best = c->at[p - 1] > c->best ? c->at[p - 1] : c->best;
	}
}

static void law_size(const struct workload *load, const struct curve *c)
{
	const unsigned half = c->size / 2;

	LAW_OF(&TOO_FEW, c->at[c->size - 1] >= BEST_PART * c->best,
	       "%s (%u cores, WT %" PRId64 " us, CT %" PRId64
	       " us): %u threads do %.0f tasks a second, but %.0f could be done",
	       load->name, load->cores, load->wt_us, load->ct_us, c->size, c->at[c->size - 1],
	       c->best);
	LAW_OF(&TOO_MANY, half == 0 || c->at[half - 1] < HALF_PART * c->best,
	       "%s (%u cores, WT %" PRId64 " us, CT %" PRId64
	       " us): %u threads do %.0f tasks a second, and %u do %.0f",
	       load->name, load->cores, load->wt_us, load->ct_us, c->size, c->at[c->size - 1], half,
	       c->at[half - 1]);
}

static void send_plot(const struct curve *curve)
{
	struct chart chart[WORKLOADS];

	for (size_t i = 0; i < WORKLOADS; i++) {
		const struct workload *load = &workloads[i];
		chart[i] = (struct chart){ .mark = curve[i].size,
					   .count = SIZES,
					   .value = curve[i].at };
		(void)snprintf(chart[i].name, sizeof(chart[i].name), "%s", load->name);
		(void)snprintf(chart[i].about, sizeof(chart[i].about),
			       "%u core%s, WT %g ms, CT %g ms", load->cores,
			       load->cores == 1 ? "" : "s", (double)load->wt_us / 1000,
			       (double)load->ct_us / 1000);
	}
	evidence_plot("How many threads are enough", "threads in the pool", "tasks a second", chart,
		      WORKLOADS);
}

LAB_TEST(best_size, .id = "L2.E.3", .points = 4, .detector = "VT", .builds = "exp",
	 .about = "pool_ideal_size",
	 .title = "the pool does most at the formula's size, and half of it would not do")
{
	static struct curve curve[WORKLOADS];
	struct pool_test *w = pool_open(true, 1);

	for (size_t i = 0; i < WORKLOADS; i++)
		measure(w, &workloads[i], &curve[i]);
	send_plot(curve);
	for (size_t i = 0; i < WORKLOADS; i++)
		law_size(&workloads[i], &curve[i]);
	EVIDENCE("workloads", WORKLOADS);
	EVIDENCE("sizes", SIZES * WORKLOADS);
}
