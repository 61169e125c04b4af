/* From steps to choices: one pass over the steps and, beside it, over the events of the execution
 * that they have made so far. */
#include "directed.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { BUDGET_MAX = 255 };

struct direction {
	const struct directed *d;
	struct execution *x;
	const struct explore_event *event;
	uint32_t count; /* events */
	uint32_t at;    /* what comes before has been said                                     */
	uint32_t replays;
	uint32_t late[EXPLORE_THREADS]; /* line: a signalled waiter's deadline comes, too        */
	struct steps_error *error;
};

/* How a thread stands when the pass is here. */
struct stand {
	bool seen, asleep, returned, over;
	bool at_point; /* it stands before the step of `pc`                                    */
	uint8_t step;  /* enum explore_step                                                    */
	uint32_t pc;
};

int directed_option(const struct explore_event *e, unsigned thread)
{
	for (unsigned i = 0; i < e->other && i < EXPLORE_THREADS; i++)
		if ((e->detail >> 4 * i & 15u) == thread)
			return (int)i;
	return -1;
}

bool directed_is_choice(const struct explore_event *e, enum explore_choice_kind kind)
{
	return e->kind == EXPLORE_EVENT_CHOICE && e->step == kind;
}

bool directed_is_step(const struct explore_event *e)
{
	return e->kind == EXPLORE_EVENT_RUNS && e->step != EXPLORE_STEP_NONE;
}

void directed_plan(const struct steps *steps, struct explore_plan *plan)
{
	unsigned spurious = 0, timeouts = 0;

	for (size_t i = 0; i < steps->count; i++) {
		spurious += steps->step[i].kind == STEPS_SPURIOUS;
		timeouts += steps->step[i].kind == STEPS_TIMEOUT;
	}
	plan->spurious_max = (uint8_t)(spurious < BUDGET_MAX ? spurious : BUDGET_MAX);
	plan->timeout_max = (uint8_t)(timeouts < BUDGET_MAX ? timeouts : BUDGET_MAX);
	plan->flags |= steps->heap_reuse ? EXPLORE_HEAP : 0u;
}

static int refuse(struct direction *s, uint32_t line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int refuse(struct direction *s, uint32_t line, const char *format, ...)
{
	va_list arguments;

	s->error->line = line;
	va_start(arguments, format);
	(void)vsnprintf(s->error->text, sizeof(s->error->text), format, arguments);
	va_end(arguments);
	return EINVAL;
}

/* Plays what was chosen so far and the default after it. */
static int play(struct direction *s)
{
	s->x->plan.index++;
	if (!s->d->play(s->d->player, s->x, &s->event))
		return ECHILD;
	s->count = s->x->answer.events < EXPLORE_EVENTS ? s->x->answer.events : EXPLORE_EVENTS;
	return 0;
}

/* Sees to it that the choice at the pass gets this option, and goes on behind it. */
static int take(struct direction *s, const struct schedule_step *step, unsigned option)
{
	const uint32_t i = s->event[s->at].pc;
	const uint16_t c = i < s->x->answer.choices ? s->x->choice[i] : 0;

	if (i >= s->x->answer.choices || option >= explore_choice_options(c))
		return refuse(s, step->line, "the execution is too long for a schedule as text");
	s->at++;
	if (explore_choice_taken(c) == option)
		return 0;
	if (++s->replays > DIRECTED_REPLAYS)
		return refuse(s, step->line, "more than %u switches: shorten the schedule",
			      DIRECTED_REPLAYS);
	s->x->choice[i] = explore_choice(explore_choice_kind(c), explore_choice_goes_on(c),
					 explore_choice_options(c), option);
	s->x->plan.prefix = i + 1;
	return play(s);
}

/* Somebody else is chosen, or goes on: nothing more belongs to the step before. */
static bool is_turn(const struct explore_event *e)
{
	return directed_is_choice(e, EXPLORE_CHOOSE_THREAD) || e->kind == EXPLORE_EVENT_RUNS;
}

/* Who waits for a lock still stands before taking it. */
static bool is_lock(uint8_t step)
{
	return step == EXPLORE_STEP_LOCK || step == EXPLORE_STEP_RELOCK ||
	       step == EXPLORE_STEP_READ_LOCK || step == EXPLORE_STEP_WRITE_LOCK;
}

static struct stand stand_of(const struct direction *s, unsigned thread)
{
	struct stand t = { 0 };

	for (uint32_t i = 0; i < s->count && (i < s->at || !is_turn(&s->event[i])); i++) {
		const struct explore_event *e = &s->event[i];
		if (e->thread != thread || e->kind == EXPLORE_EVENT_CHOICE ||
		    e->kind == EXPLORE_EVENT_PHASE)
			continue;
		t.seen = true;
		if (e->kind == EXPLORE_EVENT_STEP && e->step == EXPLORE_STEP_EXIT)
			t.over = true;
		if (e->kind == EXPLORE_EVENT_RETURN)
			t.returned = true;
		if (e->kind == EXPLORE_EVENT_RUNS) {
			t.at_point = t.returned = t.asleep = false;
			continue;
		}
		const bool wakes = e->kind == EXPLORE_EVENT_WAKES ||
				   e->kind == EXPLORE_EVENT_SPURIOUS ||
				   e->kind == EXPLORE_EVENT_TIMEOUT;
		if (e->kind != EXPLORE_EVENT_ARRIVES && e->kind != EXPLORE_EVENT_SLEEPS && !wakes)
			continue;
		t.asleep = e->kind == EXPLORE_EVENT_SLEEPS;
		t.at_point = !t.asleep || is_lock(e->step);
		t.returned = false;
		t.step = e->step;
		t.pc = e->pc;
	}
	return t;
}

/* " at bug1.c:31", or nothing. */
struct place {
	char text[STEPS_FILE + 16];
};

static struct place place_of(const struct direction *s, uint32_t pc)
{
	const struct code_line *line = code_line_of(s->d->lines, pc);
	struct place p = { "" };

	if (line)
		(void)snprintf(p.text, sizeof(p.text), " at %s:%u", line->file, line->line);
	return p;
}

/* Why a thread does no step here. */
static int cannot(struct direction *s, const struct schedule_step *step, unsigned thread)
{
	const struct stand t = stand_of(s, thread);
	const struct place at = place_of(s, t.pc);
	const bool ended = s->at >= s->count;

	if (s->x->answer.events >= EXPLORE_EVENTS)
		return refuse(s, step->line, "the execution is too long for a schedule as text");
	if (!t.seen)
		return refuse(s, step->line, "there is no T%u here", thread);
	if (t.asleep && is_lock(t.step))
		return refuse(s, step->line,
			      "T%u cannot go on: it waits%s for a lock that another thread holds",
			      thread, at.text);
	if (t.asleep)
		return refuse(s, step->line, "T%u cannot go on: it is asleep%s; wake it first",
			      thread, at.text);
	if (t.over || ended)
		return refuse(s, step->line, "T%u is finished: it has no step left", thread);
	if (t.returned || !t.at_point)
		return refuse(
			s, step->line,
			"T%u has nothing to do: it has returned, and what it calls next waits "
			"until nothing else moves",
			thread);
	return refuse(s, step->line, "T%u%s only waits in turns: the others go first", thread,
		      at.text);
}

/* A deadline that was announced for this step of a signalled waiter. */
static int late_deadline(struct direction *s, unsigned thread)
{
	const struct schedule_step said = { .line = s->late[thread] };

	s->late[thread] = 0;
	for (; s->at < s->count && !is_turn(&s->event[s->at]); s->at++) {
		const struct explore_event *e = &s->event[s->at];
		if (e->thread == thread &&
		    (e->kind == EXPLORE_EVENT_ARRIVES || e->kind == EXPLORE_EVENT_SLEEPS))
			break;
		if (directed_is_choice(e, EXPLORE_CHOOSE_TIMEOUT))
			return take(s, &said, 1);
	}
	return refuse(s, said.line, "T%u waits until no deadline here", thread);
}

/* Has a thread go on to its next step and do it; or, if it stands nowhere yet, to its first point
 * only. */
static int advance(struct direction *s, const struct schedule_step *step, unsigned thread,
		   bool to_point)
{
	for (; s->at < s->count; s->at++) {
		const struct explore_event *e = &s->event[s->at];
		if (directed_is_choice(e, EXPLORE_CHOOSE_THREAD)) {
			const int option = directed_option(e, thread);
			const int error = option < 0 ? cannot(s, step, thread)
						     : take(s, step, (unsigned)option);
			if (error)
				return error;
			s->at--; /* of the loop */
			continue;
		}
		if (to_point && e->kind == EXPLORE_EVENT_ARRIVES && e->thread == thread)
			return 0;
		if (e->kind != EXPLORE_EVENT_RUNS || (e->thread == thread && !directed_is_step(e)))
			continue;
		if (e->thread != thread)
			break;
		s->at++;
		return s->late[thread] ? late_deadline(s, thread) : 0;
	}
	return cannot(s, step, thread);
}

static int run(struct direction *s, const struct schedule_step *step)
{
	int error = 0;

	for (uint32_t i = 0; !error && i < step->number; i++)
		error = advance(s, step, step->thread, false);
	return error;
}

static bool stands_there(const struct direction *s, const struct schedule_step *step,
			 const struct stand *t)
{
	const struct code_line *line = t->at_point ? code_line_of(s->d->lines, t->pc) : NULL;

	return line && line->line == step->number && strcmp(line->file, step->file) == 0;
}

static int until(struct direction *s, const struct schedule_step *step)
{
	char why[sizeof(s->error->text)];
	int error = 0;

	if (!s->d->lines)
		return refuse(s, step->line, "the lines of this program are not known here");
	if (!code_lines_have(s->d->lines, step->file, step->number))
		return refuse(s, step->line, "%s:%u is no line at which a thread can stand",
			      step->file, step->number);
	for (uint32_t i = 0; !error && i <= DIRECTED_UNTIL_MAX; i++) {
		const struct stand t = stand_of(s, step->thread);
		if (stands_there(s, step, &t))
			return 0;
		error = advance(s, step, step->thread, !t.at_point && !t.asleep);
	}
	if (!error)
		return refuse(s, step->line, "T%u has not come to %s:%u in %u steps", step->thread,
			      step->file, step->number, DIRECTED_UNTIL_MAX);
	if (error != EINVAL)
		return error;
	memcpy(why, s->error->text, sizeof(why));
	return refuse(s, s->error->line, "T%u never comes to %s:%u: %.100s", step->thread,
		      step->file, step->number, why);
}

/* The step of T1 is a signal, post or wake: who hears it? */
static int wake(struct direction *s, const struct schedule_step *step)
{
	const int error = advance(s, step, step->thread, false);

	for (; !error && s->at < s->count && !is_turn(&s->event[s->at]); s->at++) {
		const struct explore_event *e = &s->event[s->at];
		if (e->kind == EXPLORE_EVENT_ARRIVES && e->thread == step->thread)
			break;
		if (e->kind == EXPLORE_EVENT_WAKES && e->thread == step->other &&
		    e->other == step->thread && !is_lock(e->step))
			return 0;
		if (!directed_is_choice(e, EXPLORE_CHOOSE_WAITER))
			continue;
		const int option = directed_option(e, step->other);
		if (option < 0)
			break;
		return take(s, step, (unsigned)option);
	}
	return error ? error
		     : refuse(s, step->line,
			      "T%u wakes no T%u: either its step is no signal, or T%u does not "
			      "wait there",
			      step->thread, step->other, step->other);
}

/* The next choice of this kind before anybody's next step, as an option of this thread. */
static bool find_choice(struct direction *s, enum explore_choice_kind kind, unsigned thread)
{
	for (uint32_t i = s->at; i < s->count && !directed_is_step(&s->event[i]); i++) {
		const struct explore_event *e = &s->event[i];
		if (!directed_is_choice(e, kind) || directed_option(e, thread) < 0)
			continue;
		s->at = i;
		return true;
	}
	return false;
}

static int spurious(struct direction *s, const struct schedule_step *step)
{
	if (find_choice(s, EXPLORE_CHOOSE_SPURIOUS, step->thread))
		return take(s, step, (unsigned)directed_option(&s->event[s->at], step->thread) + 1);
	return refuse(s, step->line,
		      "T%u does not wake without cause here: it must be asleep in a wait, somebody "
		      "else able to go on, and one wakes between two steps (at most %d in all)",
		      step->thread, BUDGET_MAX);
}

static int timeout(struct direction *s, const struct schedule_step *step)
{
	const struct stand t = stand_of(s, step->thread);

	if (find_choice(s, EXPLORE_CHOOSE_TIMEOUT, step->thread))
		return take(s, step, 1);
	for (uint32_t i = s->at; i < s->count && !directed_is_step(&s->event[i]); i++)
		if (s->event[i].kind == EXPLORE_EVENT_TIMEOUT &&
		    s->event[i].thread == step->thread) {
			s->at = i + 1; /* nobody else could go on: it comes by itself */
			return 0;
		}
	if (!t.asleep && !t.at_point)
		return refuse(s, step->line, "T%u waits until no deadline here", step->thread);
	if (t.asleep && !is_lock(t.step))
		return refuse(s, step->line,
			      "T%u waits until no deadline here, or another one comes first",
			      step->thread);
	s->late[step->thread] = step->line;
	return 0;
}

static int one(struct direction *s, const struct schedule_step *step)
{
	if (!step->thread || (s->d->threads && step->thread > s->d->threads))
		return refuse(s, step->line, "there is no T%u to steer: the threads are T1 to T%u",
			      step->thread, s->d->threads ? s->d->threads : EXPLORE_THREADS - 1);
	switch ((enum steps_kind)step->kind) {
	case STEPS_RUN:
		return run(s, step);
	case STEPS_UNTIL:
		return until(s, step);
	case STEPS_WAKE:
		return wake(s, step);
	case STEPS_STORE:
		break;
	case STEPS_SPURIOUS:
		return spurious(s, step);
	case STEPS_TIMEOUT:
		return timeout(s, step);
	}
	return refuse(s, step->line, "T%u<%u: every load of this test sees the newest store",
		      step->thread, step->number);
}

/* From the default, with the first choice that is not the default's. */
static int begin(struct direction *s, const struct steps *steps)
{
	struct explore_plan *p = &s->x->plan;

	p->strategy = EXPLORE_DEFAULT;
	p->flags |= EXPLORE_EVENT_LOG;
	p->prefix = p->flags & EXPLORE_HEAP ? 1 : 0;
	s->x->choice[0] = explore_choice(EXPLORE_CHOOSE_HEAP, 0, 2, steps->heap_reuse);
	const int error = play(s);
	while (!error && s->at < s->count &&
	       !(s->event[s->at].kind == EXPLORE_EVENT_PHASE &&
		 s->event[s->at].detail >= s->d->first_phase))
		s->at++;
	return error;
}

int directed_play(const struct directed *d, const struct steps *steps, struct execution *x,
		  const struct explore_event **event, struct steps_error *error)
{
	struct direction s = { .d = d, .x = x, .error = error };

	*error = (struct steps_error){ 0 };
	int status = begin(&s, steps);
	for (size_t i = 0; !status && i < steps->count; i++)
		status = one(&s, &steps->step[i]);
	for (unsigned t = 0; !status && t < EXPLORE_THREADS; t++)
		if (s.late[t])
			status = refuse(&s, s.late[t],
					"T%u was not to go on after its deadline: add a step of it",
					t);
	*event = s.event;
	return status;
}
