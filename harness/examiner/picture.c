/* The record of a schedule: what is needed to play it again and to draw it. Numbers only; the
 * grader puts names and lines to them. */
#include <stdbool.h>
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

/* What a reader has no use for: that a thread stands at a point, what else could have been chosen
 * (the choices tell both), and what a thread does on its own stack. */
static bool is_drawn(const struct explore_event *at)
{
	if (at->kind == EXPLORE_EVENT_ACCESS)
		return at->detail >> 56 != EXPLORE_MEMORY_STACK ||
		       (at->detail >> 48 & 0xffu) != at->thread;
	return at->kind != EXPLORE_EVENT_ARRIVES && at->kind != EXPLORE_EVENT_CHOICE;
}

/* The last EVENTS_MAX of those that are drawn, up to the return of the wrong operation if there is
 * one: what follows tells nothing new. */
static json_t *event_list(const struct execution *e, const struct explore_event *event,
			  int operation)
{
	json_t *list = json_array();
	uint32_t end = e->answer.events, kept = 0;

	if (operation >= 0 && e->answer.history[operation].back)
		for (end = 0; end < e->answer.events &&
			      event[end].stamp <= e->answer.history[operation].back;)
			end++;
	uint32_t first = end;
	while (first > 0 && kept < EVENTS_MAX)
		kept += is_drawn(&event[--first]);
	for (uint32_t i = first; i < end; i++) {
		const struct explore_event *at = &event[i];
		if (is_drawn(at))
			json_array_append_new(list, json_pack("[IiiiiIiI]", (json_int_t)at->stamp,
							      at->kind, at->thread, at->step,
							      (int)at->object, (json_int_t)at->pc,
							      at->other, (json_int_t)at->detail));
	}
	return list;
}

static json_t *access_make(const struct explore_access *a)
{
	return json_pack("[iiIi]", a->thread, a->kind, (json_int_t)a->at.pc, a->size);
}

/* What the runtime found, and how each thread stood at the end. */
static json_t *end_make(const struct explore_answer *a)
{
	const struct explore_finding *f = &a->finding;
	json_t *threads = json_array();

	for (unsigned i = 0; a->end != EXPLORE_END_DONE && i < f->threads && i < EXPLORE_THREADS;
	     i++) {
		const struct explore_thread *t = &f->thread[i];
		json_array_append_new(threads,
				      json_pack("[iiiiiI]", t->state, t->wait, (int)t->object,
						t->owner, (int)t->op, (json_int_t)t->at.pc));
	}
	if (a->end != EXPLORE_END_FINDING)
		return json_pack("{si so}", "how", a->end, "threads", threads);
	return json_pack("{si si si so so s[iiIII] so}", "how", a->end, "kind", f->kind, "object",
			 (int)f->object, "earlier", access_make(&f->earlier), "later",
			 access_make(&f->later), "memory", f->memory.kind, f->memory.thread,
			 (json_int_t)f->memory.block, (json_int_t)f->memory.offset,
			 (json_int_t)f->memory.bytes, "threads", threads);
}

static json_t *object_list(const struct explore_finding *f)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < f->objects && i < EXPLORE_OBJECTS; i++) {
		const struct explore_object *o = &f->about[i];
		json_array_append_new(list, json_pack("[iIIII]", o->kind, (json_int_t)o->memory,
						      (json_int_t)o->first, (json_int_t)o->block,
						      (json_int_t)o->offset));
	}
	return list;
}

static json_t *script_list(const struct exploration *x, const struct execution *e)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < x->script->ops; i++) {
		const struct explore_op *op = &x->script->op[i];
		const struct explore_history *h = &e->answer.history[i];
		json_array_append_new(list, json_pack("[iisIIIII]", op->thread, op->phase,
						      x->name_of(op->op), (json_int_t)op->arg[0],
						      (json_int_t)h->call, (json_int_t)h->back,
						      (json_int_t)h->result[0],
						      (json_int_t)h->result[1]));
	}
	return list;
}

void picture_send(const struct exploration *x, const struct execution *e,
		  const struct explore_event *event, const struct verdict *v)
{
	char token[64];
	char *choices = choices_text(e);

	(void)snprintf(token, sizeof(token), "%s-%0*llx", lab_test_id(), TOKEN_DIGITS,
		       (unsigned long long)(e->answer.hash >> (64 - 4 * TOKEN_DIGITS)));
	evidence_send(json_pack(
		"{ss ss ss ss si si si si si so so so so ss}", "rec", "schedule", "token", token,
		"configuration", x->name, "finding", v->law.finding, "operation", v->operation,
		"flags", (int)(e->plan.flags & ~(uint32_t)EXPLORE_EVENT_LOG), "spurious",
		e->plan.spurious_max, "timeouts", e->plan.timeout_max, "preemptions",
		(int)e->answer.preemptions, "script", script_list(x, e), "objects",
		object_list(&e->answer.finding), "end", end_make(&e->answer), "events",
		event_list(e, event, v->operation), "choices", choices));
	free(choices);
}
