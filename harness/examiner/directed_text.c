/* From an execution to its steps, for people to read, shorten and play again. */
#include <errno.h>
#include <string.h>

#include "directed.h"

struct telling {
	const struct directed *d;
	const struct execution *x;
	const struct explore_event *event;
	uint32_t count;
	struct steps *out;
};

static unsigned taken(const struct telling *t, const struct explore_event *e)
{
	return e->pc < t->x->answer.choices ? explore_choice_taken(t->x->choice[e->pc]) : 0;
}

static uint8_t option_thread(const struct explore_event *e, unsigned option)
{
	return (uint8_t)(e->detail >> 4 * option & 15u);
}

/* The first event behind the last choice that is not the default's: what follows needs no words. */
static uint32_t end_of_will(const struct telling *t)
{
	uint32_t i = t->count;

	while (i > 0 &&
	       !(t->event[i - 1].kind == EXPLORE_EVENT_CHOICE && taken(t, &t->event[i - 1])))
		i--;
	if (!i)
		return 0;
	while (i < t->count && !directed_is_step(&t->event[i]))
		i++;
	return i < t->count ? i + 1 : i;
}

/* The step at event i, with whom it wakes and whether its deadline had come. */
static int tell_step(const struct telling *t, uint32_t i)
{
	const uint8_t thread = t->event[i].thread;
	struct schedule_step step = { .kind = STEPS_RUN, .thread = thread, .number = 1 };
	int error = 0;

	for (uint32_t k = i + 1; k < t->count && !error; k++) {
		const struct explore_event *e = &t->event[k];
		if (e->kind == EXPLORE_EVENT_RUNS || directed_is_choice(e, EXPLORE_CHOOSE_THREAD) ||
		    (e->thread == thread &&
		     (e->kind == EXPLORE_EVENT_ARRIVES || e->kind == EXPLORE_EVENT_SLEEPS)))
			break;
		if (!taken(t, e) || e->kind != EXPLORE_EVENT_CHOICE)
			continue;
		if (directed_is_choice(e, EXPLORE_CHOOSE_WAITER))
			step = (struct schedule_step){ .kind = STEPS_WAKE,
						       .thread = thread,
						       .other = option_thread(e, taken(t, e)) };
		if (directed_is_choice(e, EXPLORE_CHOOSE_TIMEOUT) && option_thread(e, 0) == thread)
			error = steps_add(t->out, &(struct schedule_step){ .kind = STEPS_TIMEOUT,
									   .thread = thread });
	}
	return error ? error : steps_add(t->out, &step);
}

/* Whether event k is a thread's coming to its first point, and not to the one after a step. */
static bool is_start(const struct telling *t, uint32_t k)
{
	if (t->event[k].kind != EXPLORE_EVENT_ARRIVES)
		return false;
	for (uint32_t i = k; i-- > 0;) {
		const struct explore_event *e = &t->event[i];
		if (directed_is_choice(e, EXPLORE_CHOOSE_THREAD))
			return true;
		if (e->kind == EXPLORE_EVENT_RUNS)
			return e->thread != t->event[k].thread || !directed_is_step(e);
	}
	return true;
}

/* Whether event i lets something else than a step of this thread come first. */
static bool turns_away(const struct telling *t, uint32_t i, unsigned thread)
{
	const struct explore_event *e = &t->event[i];

	if (e->kind != EXPLORE_EVENT_CHOICE)
		return false;
	return e->step == EXPLORE_CHOOSE_THREAD ? option_thread(e, taken(t, e)) != thread
						: taken(t, e) != 0;
}

/* A thread that went to its first point: said by the line of that, unless its first step follows at
 * once. */
static int tell_start(const struct telling *t, uint32_t k)
{
	const uint8_t thread = t->event[k].thread;
	const struct code_line *line = code_line_of(t->d->lines, t->event[k].pc);
	struct schedule_step step = { .kind = STEPS_UNTIL, .thread = thread };

	while (k < t->count && !directed_is_step(&t->event[k]) && !turns_away(t, k, thread))
		k++;
	if (k == t->count || !line ||
	    (directed_is_step(&t->event[k]) && t->event[k].thread == thread))
		return 0;
	step.number = line->line;
	memcpy(step.file, line->file, sizeof(step.file));
	return steps_add(t->out, &step);
}

/* Whether a choice of deadlines belongs to a step (tell_step) and not between two. */
static bool is_late(const struct telling *t, uint32_t i)
{
	const uint8_t thread = option_thread(&t->event[i], 0);

	while (i > 0) {
		const struct explore_event *e = &t->event[--i];
		if (e->thread == thread &&
		    (e->kind == EXPLORE_EVENT_SLEEPS || e->kind == EXPLORE_EVENT_ARRIVES))
			return false;
		if (directed_is_step(e))
			return e->thread == thread;
	}
	return false;
}

static int tell(const struct telling *t, uint32_t i)
{
	const struct explore_event *e = &t->event[i];
	struct schedule_step step = { .kind = STEPS_SPURIOUS };

	if (directed_is_step(e))
		return tell_step(t, i);
	if (is_start(t, i))
		return tell_start(t, i);
	if (e->kind != EXPLORE_EVENT_CHOICE || !taken(t, e))
		return 0;
	if (directed_is_choice(e, EXPLORE_CHOOSE_SPURIOUS)) {
		step.thread = option_thread(e, taken(t, e) - 1);
		return steps_add(t->out, &step);
	}
	if (!directed_is_choice(e, EXPLORE_CHOOSE_TIMEOUT) || is_late(t, i))
		return 0;
	step.kind = STEPS_TIMEOUT;
	step.thread = option_thread(e, 0);
	return steps_add(t->out, &step);
}

int directed_steps(const struct directed *d, const struct execution *x,
		   const struct explore_event *event, struct steps *out)
{
	const uint32_t count = x->answer.events;
	struct telling t = { .d = d, .x = x, .event = event, .count = count, .out = out };
	uint32_t i = 0;
	int error = count >= EXPLORE_EVENTS || x->answer.cut ? EOVERFLOW : 0;

	*out = (struct steps){ 0 };
	if (!error && x->answer.choices && explore_choice_kind(x->choice[0]) == EXPLORE_CHOOSE_HEAP)
		out->heap_reuse = explore_choice_taken(x->choice[0]) != 0;
	const uint32_t end = error ? 0 : end_of_will(&t);
	while (i < end &&
	       !(event[i].kind == EXPLORE_EVENT_PHASE && event[i].detail >= d->first_phase))
		i++;
	for (; !error && i < end; i++)
		error = tell(&t, i);
	if (error)
		steps_free(out);
	return error;
}
