/* directed.h - a schedule as text becomes an execution, and an execution a text.
 *
 * A text says what somebody cares about: T2 does a step, then T1 two. What the explorer's runtime
 * wants is the list of all choices. One becomes the other by playing: what was chosen so far is
 * played again with the event log, which shows what the next choice is and among whom; where the
 * text wants something else than the default, that choice is changed and played again. Nothing is
 * guessed: the same text gives the same execution, and what cannot be done is refused by line.
 *
 * A step of a thread is a point (races.md 3.3): from standing before one to standing before the
 * next, or to sleep. What leads to its first point is no step: it goes by itself with the first
 * one. T1@file:line takes no step if T1 stands there. `timeout T1` of a waiter that was signalled
 * and has not got its mutex yet means that its deadline came while it waited for that; it may stand
 * before or behind the step in which it gets it.
 *
 * The phases before `first_phase` are the examiner's own and are not steered. [MT-Confined] */
#ifndef DIRECTED_H
#define DIRECTED_H
#include <stdbool.h>
#include <stdint.h>

#include "code_lines.h"
#include "explorer.h"
#include "steps.h"

#define DIRECTED_UNTIL_MAX 1000u /* steps of one T1@file:line                                  */
#define DIRECTED_REPLAYS   4096u /* choices of one text that are not the default               */

struct directed {
	/* Plays x->plan from its prefix and fills in the answer, with all events; *event is
	 * borrowed until the next play. False: the program has ended and gave no answer. */
	bool (*play)(void *player, struct execution *x, const struct explore_event **event);
	void *player;
	const struct code_lines *lines; /* NULL: not known, T1@file:line is refused             */
	uint8_t threads;                /* T1..Tn can be steered; 0: all that there are         */
	uint8_t first_phase;
};

/* What a plan must allow for these steps: so many wake-ups without cause, early deadlines. */
void directed_plan(const struct steps *steps, struct explore_plan *plan);

/* Plays the steps, then the default to the end. x->plan: flags and limits of the execution; its
 * prefix, strategy and index are ours. 0: *x is the execution and *event its log. EINVAL: *error
 * names the line and what is wrong. ECHILD: the program ended without an answer; so does it again
 * with x->plan. */
int directed_play(const struct directed *d, const struct steps *steps, struct execution *x,
		  const struct explore_event **event, struct steps_error *error);

/* directed_text.c: the steps of an execution; played under the same plan they give the same
 * choices, so the same hash. The tail that the default gives is left out. Where a thread went to
 * its first point long before its first step, that needs d->lines to be said. *out is returned:
 * steps_free. 0, ENOMEM, or EOVERFLOW: too long, or the log was cut. */
int directed_steps(const struct directed *d, const struct execution *x,
		   const struct explore_event *event, struct steps *out);

/* What both read of an event. The place of a thread among a choice's options; -1: it is none. */
int directed_option(const struct explore_event *event, unsigned thread);
/* Whether it is a choice of this kind. */
bool directed_is_choice(const struct explore_event *event, enum explore_choice_kind kind);
/* Whether it is a step: a thread does what it stood before. */
bool directed_is_step(const struct explore_event *event);
#endif
