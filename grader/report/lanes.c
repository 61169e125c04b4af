/* From events to rows. One pass finds out which objects and addresses the finding is about, the
 * next one makes a row of each thing that a thread does; what it does at one line of the source
 * without anybody between is one row. */
#include "report/lanes.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/text.h"
#include "report/lanes_maker.h"

struct lane_row *maker_row(struct maker *m, enum lane_kind kind, const struct event *e)
{
	struct lanes *lanes = m->lanes;
	if (lanes->rows == NULL || lanes->count == lanes->room) {
		lanes->room = lanes->room > 0 ? lanes->room * 2 : 64;
		lanes->rows = must_realloc(lanes->rows, lanes->room * sizeof *lanes->rows);
	}
	struct lane_row *row = &lanes->rows[lanes->count++];
	*row = (struct lane_row){ .kind = kind,
				  .thread = e->thread,
				  .stamp = e->stamp,
				  .pc = e->pc,
				  .holder = LANES_NOBODY,
				  .verb = "",
				  .object = must_strdup(""),
				  .note = must_strdup(""),
				  .at = lanes_place(lanes, e->pc) };
	return row;
}

void maker_text(char **slot, const char *text)
{
	free(*slot);
	*slot = text_clean_line(text, strlen(text));
}

const char *maker_object(const struct maker *m, unsigned object)
{
	return object < m->lanes->object_count ? m->lanes->objects[object].name : "";
}

static struct lane_row *row_last(const struct maker *m)
{
	return m->lanes->count > 0 ? &m->lanes->rows[m->lanes->count - 1] : NULL;
}

static bool same_line(const struct lane_row *row, const struct event *e,
		      const struct lane_place *at)
{
	if (row->at.file == NULL || at->file == NULL)
		return row->pc == e->pc;
	return row->at.line == at->line && strcmp(row->at.file, at->file) == 0;
}

/* The row in which the event's thread goes on at the same line, or a new one. Plain accesses make
 * way for what else is done there. */
static struct lane_row *row_for(struct maker *m, const struct event *e)
{
	struct lane_row *last = row_last(m);
	const struct lane_place at = lanes_place(m->lanes, e->pc);
	const bool plain = e->kind == EVENT_ACCESS;
	if (last != NULL && last->kind == LANE_STEP && last->thread == e->thread &&
	    last->mark == LANE_PLAIN && same_line(last, e, &at) &&
	    (plain || last->reads || last->writes))
		return last;
	return maker_row(m, LANE_STEP, e);
}

/* What a step is done to; where the record does not tell, what its own line says. */
static void name_object(const struct maker *m, struct lane_row *row, unsigned step, unsigned object)
{
	const bool unknown = object != NOTHING && object >= m->lanes->object_count;
	AUTO_FREE char *said = unknown && step != STEP_RELOCK ? lanes_argument(row->at.code) : NULL;
	const char *name = unknown && step == STEP_RELOCK ? "the lock" : maker_object(m, object);
	maker_text(&row->object, said != NULL ? said : name);
}

static void weigh(const struct maker *m, struct lane_row *row, unsigned object, int least)
{
	const int weight = object < HELD_MAX && m->focus[object] ? 2 : least;
	if (row->weight < weight)
		row->weight = weight;
}

static void add_access(struct maker *m, const struct event *e)
{
	struct lane_row *row = row_for(m, e);
	const bool focus = e->detail == m->address;
	row->reads = row->reads || e->step != STEP_WRITE;
	row->writes = row->writes || e->step == STEP_WRITE;
	if (*row->verb == '\0' || strcmp(row->verb, "reads") == 0 ||
	    strcmp(row->verb, "writes") == 0)
		row->verb = !row->writes ? "reads" : row->reads ? "updates" : "writes";
	weigh(m, row, NOTHING, focus ? 2 : !m->race && maker_is_shared(m, e->detail) ? 1 : 0);
}

/* Who has a lock, where the events leave no doubt. A condition gives up the only lock of its
 * thread. */
static void follow_holder(struct maker *m, const struct event *e)
{
	if (e->step == STEP_WAIT && e->kind == EVENT_RUNS) {
		size_t held = 0, last = 0;
		for (size_t i = 0; i < HELD_MAX; i++)
			if (m->holder[i] == e->thread) {
				held++;
				last = i;
			}
		for (size_t i = 0; held > 1 && i < HELD_MAX; i++)
			if (m->holder[i] == e->thread)
				m->holder[i] = LANES_NOBODY;
		if (held == 1)
			m->holder[last] = LANES_NOBODY;
		return;
	}
	if (e->object >= HELD_MAX)
		return;
	if (e->kind == EVENT_RUNS &&
	    (e->step == STEP_LOCK || e->step == STEP_RELOCK || e->step == STEP_WRITE_LOCK))
		m->holder[e->object] = e->thread;
	else if (e->step == STEP_UNLOCK)
		m->holder[e->object] = LANES_NOBODY;
}

/* What a thread does: a point, or something that is none. */
static void add_step(struct maker *m, const struct event *e)
{
	const bool slept = m->waits[e->thread] == e->step && e->step != 0;
	struct lane_row *row = row_for(m, e);
	const bool minor = e->step == STEP_INIT || e->step == STEP_DESTROY ||
			   e->step == STEP_ALLOCATE || e->step == STEP_FREE ||
			   e->step == STEP_CLOCK;
	const bool lock = e->step == STEP_LOCK || e->step == STEP_WRITE_LOCK ||
			  e->step == STEP_READ_LOCK || e->step == STEP_RELOCK;
	row->pc = e->pc;
	row->stamp = e->stamp;
	row->reads = row->writes = false;
	row->verb = slept && !lock ? "goes on" : lanes_step_verb(e->step);
	name_object(m, row, e->step, e->object);
	if (e->step == STEP_CREATE && e->detail >= 0 && e->detail < LANES_MAX) {
		AUTO_FREE char *thread = must_printf("T%d", (int)e->detail);
		maker_text(&row->object, thread);
	}
	weigh(m, row, e->object, minor ? 0 : 1);
	if (e->kind == EVENT_RUNS) {
		m->state[e->thread] = LANE_RUNS;
		m->waits[e->thread] = 0;
	}
	follow_holder(m, e);
}

/* A thread has to wait. A lock that others take first is one wait, not several. */
static void add_sleep(struct maker *m, const struct event *e, bool last)
{
	struct lane_row *row = row_last(m);
	const bool again = m->waits[e->thread] == e->step && e->step != 0 && !last;
	const unsigned holder = e->object < HELD_MAX ? m->holder[e->object] : LANES_NOBODY;
	m->state[e->thread] = LANE_SLEEPS;
	m->waits[e->thread] = (uint8_t)(e->step <= UINT8_MAX ? e->step : 0);
	if (again)
		return;
	/* The step by which it fell asleep says so itself. */
	if (row == NULL || row->thread != e->thread || row->kind != LANE_STEP || row->pc != e->pc ||
	    row->mark != LANE_PLAIN || strcmp(row->verb, lanes_step_verb(e->step)) != 0)
		row = maker_row(m, LANE_STEP, e);
	row->verb = e->step == STEP_WAIT || e->step == STEP_SLEEP ? "sleeps" : "waits for";
	name_object(m, row, e->step, e->object);
	if (holder < LANES_MAX && holder != e->thread) {
		AUTO_FREE char *has = must_printf("T%u has it", holder);
		maker_text(&row->note, has);
		row->holder = holder;
	}
	weigh(m, row, e->object, e->step == STEP_WAIT ? 2 : 1);
}

/* A wake-up belongs to the step of the one who wakes; what comes without anybody has its own row.
 */
static void add_wake(struct maker *m, const struct event *e)
{
	struct lane_row *row = row_last(m);
	const bool lock = m->waits[e->thread] == STEP_LOCK || m->waits[e->thread] == STEP_RELOCK ||
			  m->waits[e->thread] == STEP_READ_LOCK ||
			  m->waits[e->thread] == STEP_WRITE_LOCK;
	if (e->kind != EVENT_WAKES) {
		row = maker_row(m, LANE_STEP, e);
		row->verb = e->kind == EVENT_TIMEOUT ? "time-out" : "wakes up";
		maker_text(&row->object, maker_object(m, e->object));
		maker_text(&row->note, e->kind == EVENT_TIMEOUT ? "its deadline has come"
								: "without cause, as POSIX allows");
		weigh(m, row, e->object, 2);
	} else if (row != NULL && e->other < LANES_MAX && row->thread == e->other &&
		   e->other != e->thread && !lock) {
		row->wakes |= (uint16_t)(1u << e->thread);
		weigh(m, row, e->object, 2);
	}
	m->state[e->thread] = LANE_RUNS;
}

static void add_unheard(struct maker *m, const struct event *e)
{
	struct lane_row *row = row_last(m);
	if (row == NULL || row->thread != e->thread || row->kind != LANE_STEP)
		row = maker_row(m, LANE_STEP, e);
	if (*row->verb == '\0')
		row->verb = lanes_step_verb(e->step);
	maker_text(&row->note, "nobody sleeps there: unheard");
	weigh(m, row, e->object, 1);
}

static void add_phase(struct maker *m, const struct event *e)
{
	if (e->detail <= 0)
		return;
	struct lane_row *row = maker_row(m, LANE_PHASE, e);
	AUTO_FREE char *text = must_printf("part %lld of the script begins",
					   (long long)(e->detail < 1000 ? e->detail + 1 : 1000));
	row->thread = LANES_NOBODY;
	row->at = (struct lane_place){ 0 };
	row->weight = 2;
	maker_text(&row->note, text);
}

static void mark_row(struct maker *m, long i, const struct event *e)
{
	struct lane_row *row = row_last(m);
	if (row == NULL)
		return;
	if (i == m->pair[0] || i == m->pair[1])
		row->mark = LANE_PAIR;
	else if (i == m->stuck[e->thread])
		row->mark = LANE_STUCK;
	else if (i == m->unheard)
		row->mark = LANE_UNHEARD;
	if (row->mark == LANE_UNHEARD && *row->note == '\0')
		maker_text(&row->note, "too early for who does not sleep yet");
	if (row->mark != LANE_PLAIN)
		row->weight = 3;
}

static void add_event(struct maker *m, size_t i, const struct event *e)
{
	switch ((enum event_kind)e->kind) {
	case EVENT_RUNS:
	case EVENT_STEP:
		if (e->step == STEP_NONE)
			return; /* a thread begins, or a phase: nothing is done */
		add_step(m, e);
		break;
	case EVENT_SLEEPS:
		add_sleep(m, e, (long)i == m->stuck[e->thread]);
		break;
	case EVENT_WAKES:
	case EVENT_SPURIOUS:
	case EVENT_TIMEOUT:
		add_wake(m, e);
		break;
	case EVENT_UNHEARD:
		add_unheard(m, e);
		break;
	case EVENT_CALL:
	case EVENT_RETURN:
		maker_call(m, e);
		break;
	case EVENT_PHASE:
		add_phase(m, e);
		break;
	case EVENT_ACCESS:
		add_access(m, e);
		break;
	case EVENT_ARRIVES:
	case EVENT_CHOICE:
		return;
	}
	mark_row(m, (long)i, e);
	if (e->kind != EVENT_CALL && e->kind != EVENT_RETURN)
		maker_before_call(m, e);
	if (row_last(m) != NULL)
		memcpy(row_last(m)->state, m->state, sizeof m->state);
}

/* A lane for each thread that does something or has something to do. */
static void choose_lanes(struct lanes *lanes)
{
	for (unsigned t = 0; t < LANES_MAX; t++) {
		const bool aside = (lanes->aside & 1u << t) != 0;
		bool seen = lanes->program[t] != NULL && !aside;
		for (size_t i = 0; i < lanes->count && !seen; i++)
			seen = lanes->rows[i].thread == t && lanes->rows[i].weight >= 0;
		if (seen)
			lanes->thread[lanes->threads++] = t;
	}
}

void lanes_make(const json_t *schedule, struct lanes *lanes)
{
	*lanes = (struct lanes){ .file = schedule,
				 .record = json_object_get(schedule, "schedule") };
	struct maker m = { .lanes = lanes,
			   .events = json_object_get(lanes->record, "events"),
			   .end = json_object_get(lanes->record, "end"),
			   .pair = { NONE, NONE },
			   .unheard = NONE,
			   .operation = NONE,
			   .address = NONE };
	for (size_t i = 0; i < HELD_MAX; i++)
		m.holder[i] = LANES_NOBODY;
	m.touches = must_alloc((json_array_size(m.events) + 1) * sizeof *m.touches);
	lanes_name(lanes);
	maker_look(&m);
	if (maker_is_stuck(&m) && json_is_integer(json_object_get(lanes->record, "operation")))
		m.operation = json_integer_value(json_object_get(lanes->record, "operation"));
	for (size_t i = 0; i < json_array_size(m.events); i++) {
		struct event e;
		if (maker_event(&m, i, &e))
			add_event(&m, i, &e);
	}
	maker_finish(&m);
	free(m.touches);
	lanes_alone(lanes);
	choose_lanes(lanes);
	lanes_fold(lanes);
}

static void row_fini(struct lane_row *row)
{
	free(row->object);
	free(row->note);
}

void lanes_fini(struct lanes *lanes)
{
	for (size_t i = 0; i < lanes->count; i++)
		row_fini(&lanes->rows[i]);
	for (size_t i = 0; i < lanes->object_count; i++)
		free(lanes->objects[i].name);
	for (size_t i = 0; i < LANES_MAX; i++) {
		free(lanes->program[i]);
		free(lanes->end[i]);
	}
	free(lanes->rows);
	free(lanes->objects);
	json_decref(lanes->clean);
	*lanes = (struct lanes){ 0 };
}
