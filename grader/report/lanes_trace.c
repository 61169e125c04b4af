/* The lanes in Chrome's trace format: a row of the viewer for each thread; operations, sleeps and
 * steps are its bars, wake-ups its arrows. Time is the number of the step.
 *
 * Source: "Trace Event Format", phases B, E, X, s, f, M. */
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "report/lanes.h"

enum { STEP_US = 10 };

static void add(json_t *events, json_t *event)
{
	(void)json_array_append_new(events, event);
}

static void add_name(json_t *events, const char *kind, unsigned thread, const char *name)
{
	add(events, json_make("{s:s, s:s, s:i, s:i, s:{s:s}}", "name", kind, "ph", "M", "pid", 1,
			      "tid", (int)thread, "args", "name", name));
}

static void add_step(json_t *events, const struct lane_row *row, size_t at)
{
	AUTO_FREE char *name = must_printf("%s%s%s", row->verb, *row->object != '\0' ? " " : "",
					   row->object);
	AUTO_FREE char *place = row->at.file != NULL
					? must_printf("%s:%ld", row->at.file, row->at.line)
					: must_strdup("");
	add(events, json_make("{s:s, s:s, s:s, s:I, s:i, s:i, s:i, s:{s:s, s:s, s:s}}", "name",
			      name, "cat", row->mark != LANE_PLAIN ? "finding" : "step", "ph", "X",
			      "ts", (json_int_t)at * STEP_US, "dur", STEP_US - 1, "pid", 1, "tid",
			      (int)row->thread, "args", "place", place, "code",
			      row->at.code != NULL ? row->at.code : "", "note", row->note));
}

static void add_arrow(json_t *events, unsigned from, unsigned to, size_t at)
{
	const json_int_t number = (json_int_t)at * LANES_MAX + to;
	add(events, json_make("{s:s, s:s, s:s, s:I, s:I, s:i, s:i}", "name", "wakes", "cat", "wake",
			      "ph", "s", "id", number, "ts", (json_int_t)at * STEP_US + 1, "pid", 1,
			      "tid", (int)from));
	add(events, json_make("{s:s, s:s, s:s, s:s, s:I, s:I, s:i, s:i}", "name", "wakes", "cat",
			      "wake", "ph", "f", "bp", "e", "id", number, "ts",
			      (json_int_t)at * STEP_US + 2, "pid", 1, "tid", (int)to));
}

/* Bars for the stretches in which a thread is in an operation or asleep. */
static void add_stretches(json_t *events, const struct lanes *lanes, unsigned thread)
{
	unsigned state = LANE_AWAY;
	size_t from = 0;
	for (size_t i = 0; i <= lanes->count; i++) {
		const unsigned next = i < lanes->count ? lanes->rows[i].state[thread] : LANE_AWAY;
		if (next == state)
			continue;
		if (state == LANE_SLEEPS)
			add(events, json_make("{s:s, s:s, s:s, s:I, s:I, s:i, s:i}", "name",
					      "asleep", "cat", "sleep", "ph", "X", "ts",
					      (json_int_t)from * STEP_US + STEP_US, "dur",
					      (json_int_t)(i - from) * STEP_US - STEP_US, "pid", 1,
					      "tid", (int)thread));
		from = i;
		state = next;
	}
}

json_t *lanes_trace(const struct lanes *lanes)
{
	json_t *events = json_array();
	AUTO_FREE char *name = must_printf("%s %s", lanes_head(lanes, "test"),
					   lanes_head(lanes, "id"));
	add_name(events, "process_name", 0, name);
	for (size_t i = 0; i < lanes->threads; i++) {
		const unsigned t = lanes->thread[i];
		AUTO_FREE char *title = must_printf(
			"T%u %s", t, lanes->program[t] != NULL ? lanes->program[t] : "");
		add_name(events, "thread_name", t, title);
		add_stretches(events, lanes, t);
	}
	for (size_t i = 0; i < lanes->count; i++) {
		const struct lane_row *row = &lanes->rows[i];
		if (row->thread >= LANES_MAX)
			continue;
		add_step(events, row, i);
		for (unsigned t = 0; t < LANES_MAX; t++)
			if ((row->wakes & 1u << t) != 0)
				add_arrow(events, row->thread, t, i);
	}
	return json_make("{s:o, s:s, s:{s:s}}", "traceEvents", events, "displayTimeUnit", "ms",
			 "otherData", "token", lanes_head(lanes, "token"));
}
