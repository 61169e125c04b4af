/* Part A, where in memory the threads of clinic_sum_parallel meet: counted in the events of one
 * execution. */
#include "clinic.h"

enum { LINES = 16384, WRITES_MAX = 4, SHARED_MAX = 4, THREADS_ASKED = 4, POINTS_MAX = 1000000 };

/* A line of 64 bytes that somebody writes to, and how often each thread does. */
struct line {
	uint64_t number;
	uint32_t writes[EXPLORE_THREADS];
};

struct tally {
	struct line line[LINES]; /* a hash table; number 0 is free                             */
	uint32_t used;
	uint32_t shared[EXPLORE_THREADS]; /* locks and atomics of each thread                  */
	uint32_t made_last;               /* event of the last thread made by the caller       */
};

static const struct law LINE = {
	.finding = "false-sharing",
	.name = "no thread writes again and again where another one does",
	.why = "A line of 64 bytes is at one core at a time: threads that write to neighbouring "
	       "words wait for each other. Add up in a local variable, and write the sum once.",
};
static const struct law FEW_LOCKS = {
	.finding = "lock-per-element",
	.name = "threads meet once, not for every value",
	.why = "A lock or an atomic for every value makes the threads wait for each other.",
};

/* The first of the eight words of its line has its number less what lies between. */
static uint64_t line_of(const struct explore_event *at)
{
	return at->detail - 8 * (uint64_t)(at->other % 8);
}

static struct line *find(struct tally *t, uint64_t number)
{
	uint64_t i = number * 0x9e3779b97f4a7c15u >> 50;

	for (; t->line[i % LINES].number; i++)
		if (t->line[i % LINES].number == number)
			return &t->line[i % LINES];
	if (++t->used >= LINES)
		fault("more lines are written to than can be counted");
	t->line[i % LINES].number = number;
	return &t->line[i % LINES];
}

static bool is_shared(unsigned step)
{
	return step == EXPLORE_STEP_LOAD || step == EXPLORE_STEP_STORE ||
	       step == EXPLORE_STEP_RMW || step == EXPLORE_STEP_LOCK ||
	       step == EXPLORE_STEP_TRYLOCK || step == EXPLORE_STEP_READ_LOCK ||
	       step == EXPLORE_STEP_WRITE_LOCK || step == EXPLORE_STEP_SEM_WAIT ||
	       step == EXPLORE_STEP_SEM_POST;
}

/* What the caller writes before its last thread runs is preparation, not work beside others. */
static void count(const struct execution *e, const struct explore_event *event, struct tally *t)
{
	for (uint32_t i = 0; i < e->answer.events; i++)
		if (event[i].thread == 1 && event[i].kind == EXPLORE_EVENT_STEP &&
		    event[i].step == EXPLORE_STEP_CREATE)
			t->made_last = i;
	for (uint32_t i = 0; i < e->answer.events; i++) {
		const struct explore_event *at = &event[i];
		if (at->thread >= EXPLORE_THREADS || (at->thread == 1 && i < t->made_last))
			continue;
		if (at->kind == EXPLORE_EVENT_ACCESS && at->step == EXPLORE_STEP_WRITE)
			find(t, line_of(at))->writes[at->thread]++;
		t->shared[at->thread] += at->kind == EXPLORE_EVENT_RUNS && is_shared(at->step);
	}
}

/* The most writes of one thread to a line to which another one writes. */
static uint32_t most_writes(const struct tally *t)
{
	uint32_t most = 0;

	for (size_t i = 0; i < LINES; i++) {
		unsigned writers = 0;
		uint32_t here = 0;
		for (unsigned k = 0; k < EXPLORE_THREADS; k++) {
			writers += t->line[i].writes[k] > 0;
			here = t->line[i].writes[k] > here ? t->line[i].writes[k] : here;
		}
		most = writers > 1 && here > most ? here : most;
	}
	return most;
}

LAB_TEST(lines, .id = "L2.A.11", .points = 3, .detector = "CNT", .builds = "exp",
	 .about = "clinic_sum_parallel",
	 .title = "the threads of clinic_sum_parallel do not meet in memory for every value")
{
	static const char *const calls[] = { "parallel:4000:4", "parallel:400:4" };
	static struct tally t;
	struct clinic *w = clinic_open();
	const struct explore_event *event;
	const struct execution *e = NULL;

	for (size_t i = 0; i < 2; i++) { /* a log that is full has not seen the end */
		e = clinic_play(w, calls[i], POINTS_MAX, &event);
		t = (struct tally){ 0 };
		count(e, event, &t);
		LAW(clinic_readers(e, event) >= THREADS_ASKED, "not-parallel",
		    "%s: only %u thread%s read a value", calls[i], clinic_readers(e, event),
		    clinic_readers(e, event) == 1 ? "" : "s");
		for (unsigned k = 1; k < EXPLORE_THREADS; k++)
			LAW_OF(&FEW_LOCKS, t.shared[k] <= SHARED_MAX,
			       "%s: T%u took a lock or used an atomic %u times", calls[i], k,
			       t.shared[k]);
		LAW_OF(&LINE, most_writes(&t) <= WRITES_MAX,
		       "%s: a thread wrote %u times to a line of 64 bytes to which another one "
		       "writes, too",
		       calls[i], most_writes(&t));
		if (e->answer.events < EXPLORE_EVENTS)
			break;
	}
	LAW(e->answer.events < EXPLORE_EVENTS, "too-many-accesses",
	    "clinic_sum_parallel touches memory more than %u times for 400 values", EXPLORE_EVENTS);
	EVIDENCE("values", 4000);
}
