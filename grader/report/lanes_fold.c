/* Which rows are worth a look: those of the finding, then as many others as a page holds. */
#include <stdlib.h>

#include "report/lanes.h"

enum { PAGE_ROWS = 84, LOOKED_AT_MAX = 4000, MARKED = 3 };

/* The rows before the last `max` of those that stay; marked ones stay wherever they are. */
static size_t first_row(const struct lanes *lanes, int weight, size_t max)
{
	size_t kept = 0, i = lanes->count;
	while (i > 0 && kept < max)
		kept += lanes->rows[--i].weight >= weight;
	return i;
}

/* Leaves out what weighs less, and all but the last `max` rows; counts it where it was. */
static void fold(struct lanes *lanes, int weight, size_t max)
{
	const size_t first = first_row(lanes, weight, max);
	size_t kept = 0;
	unsigned folded = 0, thread = LANES_NOBODY;
	for (size_t i = 0; i < lanes->count; i++) {
		struct lane_row row = lanes->rows[i];
		if (row.weight < (i < first ? MARKED : weight)) {
			free(row.object);
			free(row.note);
			folded += row.folded + (row.weight >= 0);
			thread = row.thread;
			continue;
		}
		if (folded > 0)
			row.folded_thread = thread;
		row.folded += folded;
		folded = 0;
		lanes->rows[kept++] = row;
	}
	lanes->count = kept;
	if (folded > 0)
		lanes->folded_end_thread = thread;
	lanes->folded_end += folded;
}

void lanes_fold(struct lanes *lanes)
{
	fold(lanes, 1, LOOKED_AT_MAX);
	lanes_repeat(lanes);
	if (lanes->count > PAGE_ROWS)
		fold(lanes, 2, LANES_ROWS_MAX);
}
