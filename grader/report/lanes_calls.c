/* Calls and returns of the script's operations. A call is stamped when its first point is chosen to
 * run; what an operation does before that is seen by nobody, and is left out unless the finding is
 * about it. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "report/lanes_maker.h"

enum { PLAIN_MAX = 1000000 };

static const json_t *operation_at(const struct maker *m, size_t i)
{
	return json_array_get(json_object_get(m->lanes->record, "script"), i);
}

/* A value that is drawn has a short name: #1, #2, ... in order of appearance. Returned (free). */
static char *value_name(struct lanes *lanes, json_int_t value)
{
	size_t i = 0;
	if (value > -PLAIN_MAX && value < PLAIN_MAX)
		return must_printf("%lld", (long long)value);
	while (i < lanes->value_count && lanes->values[i] != value)
		i++;
	if (i == LANES_VALUES_MAX)
		return must_printf("%lld", (long long)value);
	lanes->values[i] = value;
	lanes->value_count += i == lanes->value_count;
	return must_printf("#%zu", i + 1);
}

/* "(#1)" of a call, "0, #1" of a return. Returned (free). */
static char *values_of(struct lanes *lanes, const json_t *op, bool call)
{
	const json_int_t first = json_integer_value(json_array_get(op, call ? 3 : 6));
	const json_int_t second = json_integer_value(json_array_get(op, 7));
	AUTO_FREE char *name = value_name(lanes, first);
	AUTO_FREE char *more = !call && second != 0 ? value_name(lanes, second) : NULL;
	if (call)
		return must_printf("(%s)", first != 0 ? name : "");
	return more != NULL ? must_printf("%s, %s", name, more) : must_strdup(name);
}

static struct lane_row *row_of(struct maker *m, const struct event *e, bool call)
{
	const size_t number = e->detail < 0 ? SIZE_MAX : (size_t)e->detail;
	const json_t *op = operation_at(m, number);
	const char *name = json_string_value(json_array_get(op, 2));
	struct lane_row *row = maker_row(m, call ? LANE_CALL : LANE_RETURN, e);
	AUTO_FREE char *values = op != NULL ? values_of(m->lanes, op, call) : must_strdup("");
	row->at = (struct lane_place){ 0 };
	row->weight = 2;
	row->verb = call ? "calls" : "returns";
	maker_text(&row->object, name != NULL ? name : "an operation");
	maker_text(&row->note, values);
	if (!call && m->operation >= 0 && (json_int_t)number == m->operation) {
		row->mark = LANE_PAIR;
		row->weight = 3;
	}
	return row;
}

void maker_call(struct maker *m, const struct event *e)
{
	const bool call = e->kind == EVENT_CALL;
	m->state[e->thread] = call ? LANE_RUNS : LANE_AWAY;
	m->waits[e->thread] = 0;
	if (call && m->early[e->thread]) {
		m->early[e->thread] = false; /* it has its row already */
		return;
	}
	m->early[e->thread] = false;
	(void)row_of(m, e, call);
	if (!call)
		m->next[e->thread] = e->detail < 0 || e->detail > INT32_MAX ? 0
									    : (size_t)e->detail + 1;
}

/* The operation that a thread is to begin next. SIZE_MAX: none. */
static size_t next_of(const struct maker *m, unsigned thread)
{
	for (size_t i = m->next[thread]; operation_at(m, i) != NULL; i++)
		if (maker_number(operation_at(m, i), 0) == thread)
			return i;
	return SIZE_MAX;
}

void maker_before_call(struct maker *m, const struct event *e)
{
	struct lanes *lanes = m->lanes;
	struct lane_row *row = lanes->count > 0 ? &lanes->rows[lanes->count - 1] : NULL;
	const size_t next = next_of(m, e->thread);
	if (row == NULL || row->kind != LANE_STEP || row->thread != e->thread ||
	    m->state[e->thread] != LANE_AWAY || next == SIZE_MAX)
		return;
	if (row->weight < 2) {
		free(row->object);
		free(row->note);
		lanes->count--;
		return;
	}
	const struct event call = { .kind = EVENT_CALL,
				    .thread = e->thread,
				    .stamp = e->stamp,
				    .detail = (json_int_t)next };
	m->state[e->thread] = LANE_RUNS;
	m->early[e->thread] = true;
	(void)row_of(m, &call, true);
	struct lane_row *last = &lanes->rows[lanes->count - 1];
	const struct lane_row moved = last[-1];
	last[-1] = *last;
	*last = moved;
	memcpy(last[-1].state, m->state, sizeof m->state);
}

char *lanes_values(const struct lanes *lanes)
{
	char *text = must_strdup("");
	for (size_t i = 0; i < lanes->value_count; i++) {
		char *longer = must_printf("%s%s#%zu is %lld", text, i > 0 ? ", " : "", i + 1,
					   (long long)lanes->values[i]);
		free(text);
		text = longer;
	}
	char *whole = must_printf("%s%s", text, lanes->value_count > 0 ? "." : "");
	free(text);
	return whole;
}
