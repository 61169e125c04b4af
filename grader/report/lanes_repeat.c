/* Loops: rows that come again and again in the same order are shown once, with how often. */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "report/lanes.h"

enum { PERIOD_MAX = 24, TIMES_MIN = 3 };

static bool is_same(const struct lane_row *a, const struct lane_row *b)
{
	const char *left = a->at.file != NULL ? a->at.file : "";
	const char *right = b->at.file != NULL ? b->at.file : "";
	return a->mark == LANE_PLAIN && b->mark == LANE_PLAIN && a->kind == b->kind &&
	       a->thread == b->thread && a->wakes == b->wakes && a->at.line == b->at.line &&
	       strcmp(left, right) == 0 && strcmp(a->verb, b->verb) == 0 &&
	       strcmp(a->object, b->object) == 0 && strcmp(a->note, b->note) == 0;
}

/* How often the `period` rows from i on come in a row. */
static size_t times_at(const struct lanes *lanes, size_t i, size_t period)
{
	size_t rows = 0;
	while (i + period + rows < lanes->count &&
	       is_same(&lanes->rows[i + rows], &lanes->rows[i + period + rows]))
		rows++;
	return 1 + rows / period;
}

/* The row that stands for all repetitions but the first one. */
static void say_repeated(struct lane_row *row, size_t period, size_t more)
{
	free(row->object);
	free(row->note);
	row->object = must_strdup("");
	row->note = must_printf("the last %zu row%s again, %zu times", period,
				period == 1 ? "" : "s", more);
	row->kind = LANE_PHASE;
	row->thread = LANES_NOBODY;
	row->wakes = 0;
	row->weight = 2;
	row->folded = 0;
}

static void drop(struct lanes *lanes, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		free(lanes->rows[i].object);
		free(lanes->rows[i].note);
	}
	memmove(&lanes->rows[from], &lanes->rows[to], (lanes->count - to) * sizeof *lanes->rows);
	lanes->count -= to - from;
}

void lanes_repeat(struct lanes *lanes)
{
	for (size_t i = 0; i < lanes->count; i++) {
		for (size_t period = 1; period <= PERIOD_MAX; period++) {
			const size_t times = times_at(lanes, i, period);
			if (times < TIMES_MIN)
				continue;
			const size_t end = i + period * times;
			uint8_t state[LANES_MAX];
			memcpy(state, lanes->rows[end - 1].state, sizeof state);
			say_repeated(&lanes->rows[i + period], period, times - 1);
			memcpy(lanes->rows[i + period].state, state, sizeof state);
			drop(lanes, i + period + 1, end);
			i += period;
			break;
		}
	}
}
