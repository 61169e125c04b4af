/* Part F: the student writes the schedule that makes a given queue fail.
 *
 * The program is ours, built from buggy/bugN.c; what is handed in is data: schedules/bugN.sched,
 * the steps as text. They are played once, exactly, without a look for races, and what the calls
 * returned and who slept tells what went wrong. It must be what the text expects, and the text must
 * expect what bugN.c asks for: a wrong queue can be wrong in more than one way. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "directed.h"
#include "explored.h"
#include "ops.h"
#include "replay.h"

struct hunt {
	const char *bug; /* "bug1" */
	int64_t capacity;
	const char *threads;
	uint8_t steered; /* T1..Tn */
	enum steps_expect expect;
};

/* What the judge of an execution is given. */
struct chase {
	struct subject subject; /* first: judge_history looks for it there */
	const struct hunt *hunt;
};

static const struct law READABLE = {
	.finding = "schedule-error",
	.name = "the schedule can be played",
	.why = "A step that cannot be done has no meaning: nothing is guessed.",
};

static const struct law SHOWN = {
	.finding = "bug-not-shown",
	.name = "the schedule makes the queue fail",
	.why = "A schedule proves a bug if whoever plays it sees the bug.",
};

static bool play(void *explorer, struct execution *x, const struct explore_event **event)
{
	struct explorer *e = explorer;

	*event = e->area->event;
	return exploration_play(e, x);
}

static bool is_pop(uint16_t op)
{
	return op == OP_BQ_POP || op == OP_BQ_POP_UNTIL;
}

/* The nth successful pop of an item, from 0: number in the script; -1: there is none. */
static int pop_of(const struct explore_script *s, const struct execution *e, int64_t item,
		  unsigned nth)
{
	for (uint32_t i = 0; i < s->ops; i++) {
		const struct explore_history *h = &e->answer.history[i];
		if (is_pop(s->op[i].op) && h->back && h->result[0] == 0 && h->result[1] == item &&
		    nth-- == 0)
			return (int)i;
	}
	return -1;
}

static bool pushed(const struct explore_script *s, const struct execution *e, uint32_t i)
{
	return s->op[i].op == OP_BQ_PUSH && e->answer.history[i].back &&
	       e->answer.history[i].result[0] == 0;
}

static bool has_dup(const struct explore_script *s, const struct execution *e)
{
	for (uint32_t i = 0; i < s->ops; i++)
		if (s->op[i].op == OP_BQ_PUSH && pop_of(s, e, s->op[i].arg[0], 1) >= 0)
			return true;
	return false;
}

/* An item that was accepted stays in a queue of which a pop has said that it is closed and empty.
 */
static bool has_lost(const struct explore_script *s, const struct execution *e)
{
	bool told_empty = false, left = false;

	for (uint32_t i = 0; i < s->ops; i++) {
		const struct explore_history *h = &e->answer.history[i];
		told_empty = told_empty ||
			     (is_pop(s->op[i].op) && h->back && h->result[0] == EPIPE);
		left = left || (pushed(s, e, i) && pop_of(s, e, s->op[i].arg[0], 0) < 0);
	}
	return told_empty && left;
}

/* The younger of two items came out, and only then somebody asked and got the older one. */
static bool has_disorder(const struct explore_script *s, const struct execution *e)
{
	const struct explore_history *h = e->answer.history;

	for (uint32_t i = 0; i < s->ops; i++)
		for (uint32_t k = 0; k < s->ops; k++) {
			if (!pushed(s, e, i) || !pushed(s, e, k) || h[i].back >= h[k].call)
				continue;
			const int old = pop_of(s, e, s->op[i].arg[0], 0);
			const int young = pop_of(s, e, s->op[k].arg[0], 0);
			if (old >= 0 && young >= 0 && h[young].back < h[old].call)
				return true;
		}
	return false;
}

/* What went wrong: bits of enum steps_expect; and in words. */
static unsigned seen(const struct exploration *x, const struct execution *e, struct verdict *v)
{
	unsigned kinds = 0;

	*v = (struct verdict){ 0 };
	if (e->answer.end == EXPLORE_END_BROKEN)
		fault("the explorer's runtime: %s", e->answer.finding.text);
	if (judge_history(x, e, v) && (strcmp(v->law.finding, "lost-wakeup") == 0 ||
				       strcmp(v->law.finding, "deadlock") == 0 ||
				       strcmp(v->law.finding, "unlock-missing") == 0))
		kinds |= 1u << STEPS_EXPECT_DEADLOCK;
	kinds |= has_lost(x->script, e) ? 1u << STEPS_EXPECT_LOST_ITEM : 0;
	kinds |= has_dup(x->script, e) ? 1u << STEPS_EXPECT_DUP_ITEM : 0;
	kinds |= has_disorder(x->script, e) ? 1u << STEPS_EXPECT_ORDER : 0;
	if (e->answer.end == EXPLORE_END_FINDING && finding_verdict(e, v))
		kinds |= 1u << STEPS_EXPECT_CRASH;
	return kinds;
}

/* "deadlock and dup-item"; "nothing wrong". Static. */
static const char *kinds_text(unsigned kinds)
{
	static char text[128];

	text[0] = '\0';
	for (unsigned i = 1; i <= STEPS_EXPECT_CRASH; i++)
		if (kinds >> i & 1u)
			(void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
				       text[0] ? " and " : "", steps_expect_name(i));
	return text[0] ? text : "nothing wrong";
}

/* The steps that were handed in. Ends the test if there are none. */
static void read_steps(const struct hunt *h, const char *file, struct steps *steps)
{
	struct steps_error error;
	const char *why = "";
	size_t length = 0;
	char *text = runner_text(file, &length, &why);

	LAW(text != NULL, "not-written", "%s is not written yet: %s%s", file,
	    *why ? "in its place is something that is " : "it was not handed in", why);
	const int status = steps_parse(text, length, steps, &error);
	free(text);
	if (status == ENOMEM)
		fault("no memory for a schedule");
	LAW_OF(&READABLE, status == 0, "%s:%u: %s", file, error.line, error.text);
	LAW(steps->count > 0 || steps->expect, "not-written",
	    "%s is not written yet: it holds no step", file);
	LAW_OF(&READABLE, steps->expect == h->expect,
	       "%s:%u: %s.c is to be shown with expect %s%s%s", file,
	       steps->expect_line ? steps->expect_line : 1, h->bug, steps_expect_name(h->expect),
	       steps->expect ? ", not " : "", steps_expect_name(steps->expect));
}

static struct execution execution; /* large */

/* Wrong is a schedule that leaves the queue right, or shows another bug than the one asked for. */
static bool judge_shown(const struct exploration *x, const struct execution *e, struct verdict *v)
{
	const struct hunt *h = ((const struct chase *)x->context)->hunt;
	struct verdict bug;
	const unsigned kinds = seen(x, e, &bug);

	if (kinds >> h->expect & 1u)
		return false;
	*v = (struct verdict){ .law = SHOWN, .operation = -1 };
	(void)snprintf(v->what, sizeof(v->what), "expect %s, but what is seen is %s%s%.480s",
		       steps_expect_name(h->expect), kinds_text(kinds), bug.what[0] ? ": " : "",
		       bug.what);
	return true;
}

/* Plays the steps. True: they could be played. *event: the log, borrowed. */
static bool played(struct explored *w, const struct hunt *h, const struct steps *steps,
		   const struct explore_event **event, struct steps_error *error)
{
	struct code_lines lines;
	const struct directed d = { .play = play,
				    .player = &w->explorer,
				    .lines = &lines,
				    .threads = h->steered,
				    .first_phase = 1 };

	runner_lines(&lines);
	execution = (struct execution){ .plan = {
						.flags = EXPLORE_RACES_OFF, .k = 1, .depth = 1 } };
	directed_plan(steps, &execution.plan);
	const int status = directed_play(&d, steps, &execution, event, error);
	free(lines.at);
	if (status == ECHILD)
		fault("the given program ended while a schedule was played");
	return status == 0;
}

static void hunt(const struct hunt *h)
{
	static const struct steps nothing;
	static struct explore_script script;
	const struct chase chase = { .subject = { .capacity = h->capacity }, .hunt = h };
	const struct explore_event *event;
	struct explored *w = explored_open(true);
	struct steps steps;
	struct steps_error error;
	struct verdict v;
	char file[64];

	(void)snprintf(file, sizeof(file), "schedules/%s.sched", h->bug);
	script_of(h->threads, &chase.subject, lab_seed(), &script);
	const struct exploration x = { .name = h->bug,
				       .script = &script,
				       .judge = judge_shown,
				       .name_of = function_of,
				       .context = &chase };
	if (replay_instead(&w->explorer, &x))
		return;
	read_steps(h, file, &steps);
	explorer_script(&w->explorer, &script);
	if (!played(w, h, &nothing, &event, &error) || seen(&x, &execution, &v))
		fault("%s fails without a schedule", h->bug);
	const bool good = played(w, h, &steps, &event, &error);
	LAW_OF(&READABLE, good, "%s:%u: %s", file, error.line, error.text);
	const bool shown = !judge_shown(&x, &execution, &v);
	/* How it went is there to look at, if a replay would judge it alike. */
	struct verdict again;
	if (!shown && exploration_judge(&x, &execution, &again) &&
	    strcmp(again.law.finding, v.law.finding) == 0)
		picture_send(&x, &execution, event, &v);
	LAW_OF(&SHOWN, shown, "%s: %s", file, v.what);
	steps_free(&steps);
}

#define HUNT(number, worth, ...)                                                              \
	LAB_TEST(bug##number, .id = "L3.F." #number, .points = worth, .detector = "schedule", \
		 .builds = "exp", .about = "",                                                \
		 .title = "your schedule makes buggy/bug" #number ".c fail")                  \
	{                                                                                     \
		hunt(&(const struct hunt){ .bug = "bug" #number, __VA_ARGS__ });              \
	}

HUNT(1, 2, .capacity = 1, .threads = "push | pop | pop ; close", .steered = 3,
     .expect = STEPS_EXPECT_DUP_ITEM)
HUNT(2, 2, .capacity = 1, .threads = "push push | pop | pop ; close", .steered = 3,
     .expect = STEPS_EXPECT_DEADLOCK)
HUNT(3, 2, .capacity = 1, .threads = "push | pop ; close", .steered = 2,
     .expect = STEPS_EXPECT_DEADLOCK)
HUNT(4, 2, .capacity = 2, .threads = "push push | pop | pop ; close", .steered = 3,
     .expect = STEPS_EXPECT_DEADLOCK)
HUNT(5, 1, .capacity = 1, .threads = "push | pop_until:1000 | pop ; close", .steered = 3,
     .expect = STEPS_EXPECT_DEADLOCK)
HUNT(6, 1, .capacity = 1, .threads = "push | pop | close", .steered = 3,
     .expect = STEPS_EXPECT_LOST_ITEM)
