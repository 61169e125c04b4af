/* Part A: the ten functions, called by one thread, by two and by three, under all the schedules
 * that the budget allows. */
#include <stdlib.h>

#include "clinic.h"
#include "conf_word.h"
#include "ops_clinic.h"

/* A healthy function is a diagnosis, too: to say so is what there is to do. */
static void law_named(unsigned number)
{
	const char *name = clinic_cases[number - 1].name, *why;
	char word[CONF_WORD] = "";
	size_t length = 0;
	char *text = runner_text("answers.conf", &length, &why);

	if (text)
		(void)conf_word(text, length, "clinic", name, word);
	free(text);
	LAW(*word != '\0', "not-written",
	    "answers.conf does not say yet what you did about clinic_%s; if it was healthy, say "
	    "%s = none",
	    name, name);
}

static struct clinic *explore_case(unsigned number)
{
	const struct clinic_case *c = &clinic_cases[number - 1];
	struct clinic *w = clinic_open();

	clinic_explore(w, c->alone);
	for (size_t i = 0; i < CLINIC_SHAPES && c->shape[i]; i++)
		clinic_explore(w, c->shape[i]);
	clinic_law_no_leak(w, c->again);
	return w;
}

LAB_TEST(square, .id = "L2.A.1", .points = 1.5, .detector = "HB", .builds = "exp",
	 .about = "clinic_square", .title = "clinic_square shares nothing")
{
	law_named(1);
	(void)explore_case(1);
}

LAB_TEST(add, .id = "L2.A.2", .points = 1.5, .detector = "EXP", .builds = "exp",
	 .about = "clinic_add", .title = "clinic_add: what several threads add is in the sum")
{
	(void)explore_case(2);
}

LAB_TEST(next_id, .id = "L2.A.3", .points = 1.5, .detector = "EXP", .builds = "exp",
	 .about = "clinic_next_id", .title = "clinic_next_id: 1, 2, 3, each of them once")
{
	(void)explore_case(3);
}

LAB_TEST(month, .id = "L2.A.4", .points = 1.5, .detector = "HB", .builds = "exp",
	 .about = "clinic_month", .title = "clinic_month reads a table that nobody writes")
{
	law_named(4);
	(void)explore_case(4);
}

LAB_TEST(errtext, .id = "L2.A.5", .points = 1.5, .detector = "HB", .builds = "exp",
	 .about = "clinic_errtext",
	 .title = "clinic_errtext: the text holds until the thread's own next call")
{
	(void)explore_case(5);
}

LAB_TEST(init_once, .id = "L2.A.6", .points = 1.5, .detector = "EXP", .builds = "exp",
	 .about = "clinic_init_once",
	 .title = "clinic_init_once: init runs once, and all callers return after it")
{
	(void)explore_case(6);
}

LAB_TEST(sum_parallel, .id = "L2.A.7", .points = 1.5, .detector = "EXP", .builds = "exp",
	 .about = "clinic_sum_parallel",
	 .title = "clinic_sum_parallel adds every value once, in as many threads as asked for")
{
	struct clinic *w = explore_case(7);
	const struct explore_event *event;
	const struct execution *e = clinic_play(w, "parallel:8:4", 0, &event);

	LAW(clinic_readers(e, event) >= 4, "not-parallel",
	    "8 values and 4 threads: only %u thread%s read a value", clinic_readers(e, event),
	    clinic_readers(e, event) == 1 ? "" : "s");
}

/* What the caller did with the threads that it made: who was made, who was waited for. */
LAB_TEST(spawn_greeting, .id = "L2.A.8", .points = 1.5, .detector = "HB", .builds = "exp",
	 .about = "clinic_spawn_greeting",
	 .title = "clinic_spawn_greeting: the greeting is complete and its thread has ended")
{
	static const struct law ENDED = {
		.finding = "thread-left-behind",
		.name = "the thread has ended on return",
		.why = "Only pthread_join says that a thread has ended; a flag or a semaphore says "
		       "that it has come so far.",
	};
	struct clinic *w = explore_case(8);
	const struct explore_event *event;
	const struct execution *e = clinic_play(w, "greet:24", 0, &event);
	bool joined[EXPLORE_OBJECTS] = { false };
	unsigned made = 0, ended = 0;

	for (uint32_t i = 0; i < e->answer.events; i++) {
		const struct explore_event *at = &event[i];
		const bool step = at->kind == EXPLORE_EVENT_STEP || at->kind == EXPLORE_EVENT_RUNS;
		made += step && at->step == EXPLORE_STEP_CREATE;
		if (!step || at->step != EXPLORE_STEP_JOIN || at->object >= EXPLORE_OBJECTS)
			continue;
		ended += !joined[at->object];
		joined[at->object] = true;
	}
	LAW(made > 0, "no-thread", "the call made no thread: who wrote the greeting?");
	LAW_OF(&ENDED, ended >= made, "the call made %u thread%s and waited for the end of %u",
	       made, made == 1 ? "" : "s", ended);
}

LAB_TEST(transfer, .id = "L2.A.9", .points = 1.5, .detector = "EXP", .builds = "exp",
	 .about = "clinic_transfer",
	 .title = "clinic_transfer moves amounts in one step, in any direction at once")
{
	(void)explore_case(9);
}

LAB_TEST(balance_total, .id = "L2.A.10", .points = 1.5, .detector = "EXP", .builds = "exp",
	 .about = "clinic_balance_total",
	 .title = "clinic_balance_total is 8000, also while amounts are on their way")
{
	(void)explore_case(10);
}
