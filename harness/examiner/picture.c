/* The record of a schedule: what is needed to play it again and to draw it. Numbers only; the
 * grader puts names and lines to them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exploration.h"
#include "lab.h"

enum { EVENTS_MAX = 800, TOKEN_DIGITS = 6 };

/* "0421*12 0c41": each choice in hex, repeats counted. Owned by the caller. */
static char *choices_text(const struct execution *e)
{
	const uint32_t count = e->answer.choices;
	char *text = malloc(count * 12u + 1u);
	size_t used = 0;

	if (!text)
		fault("no memory for a picture");
	text[0] = '\0';
	for (uint32_t i = 0, run; i < count; i += run) {
		for (run = 1; i + run < count && e->choice[i + run] == e->choice[i]; run++)
			;
		used += (size_t)sprintf(text + used, run > 1 ? "%s%04x*%u" : "%s%04x", i ? " " : "",
					e->choice[i], run);
	}
	return text;
}

static json_t *event_list(const struct execution *e, const struct explore_event *event)
{
	json_t *list = json_array();
	const uint32_t count = e->answer.events;

	for (uint32_t i = count > EVENTS_MAX ? count - EVENTS_MAX : 0; i < count; i++) {
		const struct explore_event *at = &event[i];
		json_array_append_new(list,
				      json_pack("[iiiiiiiI]", (int)at->stamp, at->kind, at->thread,
						at->step, (int)at->object, (int)at->pc, at->other,
						(json_int_t)at->detail));
	}
	return list;
}

static json_t *object_list(const struct explore_finding *f)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < f->objects && i < EXPLORE_OBJECTS; i++) {
		const struct explore_object *o = &f->about[i];
		json_array_append_new(list,
				      json_pack("[iiiII]", o->kind, (int)o->memory, (int)o->first,
						(json_int_t)o->block, (json_int_t)o->offset));
	}
	return list;
}

static json_t *script_list(const struct exploration *x, const struct execution *e)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < x->script->ops; i++) {
		const struct explore_op *op = &x->script->op[i];
		const struct explore_history *h = &e->answer.history[i];
		json_array_append_new(
			list, json_pack("[iisIiiII]", op->thread, op->phase, x->name_of(op->op),
					(json_int_t)op->arg[0], (int)h->call, (int)h->back,
					(json_int_t)h->result[0], (json_int_t)h->result[1]));
	}
	return list;
}

void picture_send(const struct exploration *x, const struct execution *e,
		  const struct explore_event *event, const char *finding)
{
	char token[64];
	char *choices = choices_text(e);

	(void)snprintf(token, sizeof(token), "%s-%0*llx", lab_test_id(), TOKEN_DIGITS,
		       (unsigned long long)(e->answer.hash >> (64 - 4 * TOKEN_DIGITS)));
	evidence_send(json_pack("{ss ss ss ss si si si si so so so ss}", "rec", "schedule", "token",
				token, "configuration", x->name, "finding", finding, "flags",
				(int)(e->plan.flags & ~(uint32_t)EXPLORE_EVENT_LOG), "spurious",
				e->plan.spurious_max, "timeouts", e->plan.timeout_max,
				"preemptions", (int)e->answer.preemptions, "script",
				script_list(x, e), "objects", object_list(&e->answer.finding),
				"events", event_list(e, event), "choices", choices));
	free(choices);
}
