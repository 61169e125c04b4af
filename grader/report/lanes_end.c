/* The end of the story: what the finding names and no event shows, and how each thread stands. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "report/lanes_maker.h"

/* The finding comes before its event is written, and of a long execution the first events are not
 * there: what it names has a row in any case. */
static void add_missing(struct maker *m)
{
	static const char *const keys[] = { "earlier", "later" };
	for (size_t i = 0; i < 2; i++) {
		const json_t *access = json_object_get(m->end, keys[i]);
		const struct event e = { .thread = maker_number(access, 0),
					 .pc = maker_number(access, 2) };
		if (m->pair[i] != NONE || e.pc == 0 || e.thread >= LANES_MAX || access == NULL)
			continue;
		struct lane_row *row = maker_row(m, LANE_STEP, &e);
		row->verb = lanes_access_verb(maker_number(access, 1));
		row->mark = LANE_PAIR;
		row->weight = 3;
		maker_before_call(m, &e);
		memcpy(m->lanes->rows[m->lanes->count - 1].state, m->state, sizeof m->state);
	}
	for (unsigned t = 0; maker_is_stuck(m) && t < LANES_MAX; t++) {
		const json_t *end = maker_end(m, t);
		const struct event e = { .thread = t, .pc = maker_number(end, 5) };
		if (m->stuck[t] != NONE || !maker_is_asleep(m, t))
			continue;
		struct lane_row *row = maker_row(m, LANE_STEP, &e);
		row->verb = "sleeps";
		maker_text(&row->object, maker_object(m, maker_number(end, 2)));
		row->mark = LANE_STUCK;
		row->weight = 3;
		m->state[t] = LANE_SLEEPS;
		memcpy(row->state, m->state, sizeof m->state);
	}
}

/* What the finding says about a place of its own: "T2 reads, holding no lock". */
static void note_pairs(struct maker *m)
{
	const json_t *finding = json_object_get(m->lanes->file, "finding");
	for (size_t r = 0; r < m->lanes->count; r++) {
		struct lane_row *row = &m->lanes->rows[r];
		AUTO_FREE char *thread = must_printf("T%u ", row->thread);
		size_t i;
		json_t *place;
		json_array_foreach(json_object_get(finding, "where"), i, place)
		{
			const char *role = json_text_of(place, "role", "");
			if (row->mark == LANE_PAIR &&
			    json_integer_value(json_object_get(place, "line")) == row->at.line &&
			    strncmp(role, thread, strlen(thread)) == 0)
				maker_text(&row->note, role + strlen(thread));
		}
	}
}

static void name_ends(struct maker *m)
{
	const json_t *script = json_object_get(m->lanes->record, "script");
	for (unsigned t = 0; t < LANES_MAX && maker_end(m, t) != NULL; t++) {
		const json_t *end = maker_end(m, t);
		const unsigned owner = maker_number(end, 3);
		const char *op = json_string_value(
			json_array_get(json_array_get(script, maker_number(end, 4)), 2));
		const char *object = maker_object(m, maker_number(end, 2));
		AUTO_FREE char *in = op != NULL ? must_printf(" in %s", op) : must_strdup("");
		AUTO_FREE char *has = owner < LANES_MAX ? must_printf(", which T%u has", owner)
							: must_strdup("");
		AUTO_FREE char *text = NULL;
		if (maker_number(end, 0) == THREAD_ASLEEP)
			text = must_printf("asleep%s, %s %s%s", in,
					   lanes_step_ing(maker_number(end, 1)),
					   *object != '\0' ? object : "something", has);
		else if (maker_number(end, 0) == THREAD_READY)
			text = must_printf("under way%s", in);
		else if (maker_number(end, 0) == THREAD_OVER || maker_number(end, 0) == THREAD_IDLE)
			text = must_strdup("has returned from all that it called");
		if (text != NULL)
			maker_text(&m->lanes->end[t], text);
	}
}

void maker_finish(struct maker *m)
{
	add_missing(m);
	note_pairs(m);
	name_ends(m);
}
