/* Operations that nobody overlaps: what such a one does inside has no part in any interleaving, so
 * its call and its return are one row. A thread that has only such ones (it makes the queue, and
 * closes it in the end) has no lane, its calls are lines across. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "report/lanes.h"

enum { SILENT = -1 }; /* left out, and not counted */

static bool is_alone(const struct lane_row *row, unsigned thread)
{
	for (unsigned t = 0; t < LANES_MAX; t++)
		if (t != thread && row->state[t] != LANE_AWAY)
			return false;
	return row->mark == LANE_PLAIN;
}

/* The return of the call in row i if nobody else is in an operation from one to the other, else i.
 */
static size_t end_of(const struct lanes *lanes, size_t i)
{
	const unsigned thread = lanes->rows[i].thread;
	for (size_t j = i; j < lanes->count; j++) {
		const struct lane_row *row = &lanes->rows[j];
		if (!is_alone(row, thread))
			return i;
		if (row->kind == LANE_RETURN && row->thread == thread)
			return j;
	}
	return i;
}

static void join(struct lanes *lanes, size_t call, size_t back)
{
	struct lane_row *row = &lanes->rows[call];
	char *note = must_printf("%s = %s", row->note, lanes->rows[back].note);
	free(row->note);
	row->note = note;
	row->joined = true;
	memcpy(row->state, lanes->rows[back].state, sizeof row->state);
	for (size_t i = call + 1; i <= back; i++)
		if (lanes->rows[i].thread == row->thread)
			lanes->rows[i].weight = SILENT;
}

/* A thread of which nothing is left but joined calls. */
static bool is_aside(const struct lanes *lanes, unsigned thread)
{
	bool calls = false;
	for (size_t i = 0; i < lanes->count; i++) {
		const struct lane_row *row = &lanes->rows[i];
		if (row->thread != thread || row->weight <= 0)
			continue;
		if (!row->joined)
			return false;
		calls = true;
	}
	return calls;
}

static void put_aside(struct lanes *lanes, unsigned thread)
{
	for (size_t i = 0; i < lanes->count; i++) {
		struct lane_row *row = &lanes->rows[i];
		if (row->thread == thread && !row->joined)
			row->weight = SILENT;
		if (row->thread != thread || !row->joined)
			continue;
		char *note = must_printf("T%u: %s%s", thread, row->object, row->note);
		free(row->note);
		row->note = note;
		row->kind = LANE_PHASE;
		row->thread = LANES_NOBODY;
	}
	lanes->aside |= (uint16_t)(1u << thread);
}

void lanes_alone(struct lanes *lanes)
{
	uint16_t aside = 0, lane = 0;
	for (size_t i = 0; i < lanes->count; i++) {
		const size_t back = lanes->rows[i].kind == LANE_CALL ? end_of(lanes, i) : i;
		if (back > i)
			join(lanes, i, back);
	}
	for (unsigned t = 0; t < LANES_MAX; t++) {
		const uint16_t bit = (uint16_t)(1u << t);
		if (is_aside(lanes, t))
			aside |= bit;
		else if (lanes->program[t] != NULL)
			lane |= bit;
	}
	if (lane == 0)
		return; /* somebody must be seen */
	/* What they do says that a new part begins. */
	for (size_t i = 0; aside != 0 && i < lanes->count; i++)
		if (lanes->rows[i].kind == LANE_PHASE)
			lanes->rows[i].weight = SILENT;
	for (unsigned t = 0; t < LANES_MAX; t++)
		if ((aside & 1u << t) != 0)
			put_aside(lanes, t);
}
