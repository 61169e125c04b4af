/* Which rows are worth a look: those of the finding, then as many others as a page holds. */
#include <stdlib.h>

#include "report/lanes.h"

enum { PAGE_ROWS = 84 };

static size_t count_from(const struct lanes *lanes, int weight)
{
	size_t count = 0;
	for (size_t i = 0; i < lanes->count; i++)
		count += lanes->rows[i].weight >= weight;
	return count;
}

/* The rows before the last LANES_ROWS_MAX of those that stay; marked ones stay wherever they are.
 */
static size_t first_row(const struct lanes *lanes, int weight)
{
	size_t kept = 0, i = lanes->count;
	while (i > 0 && kept < LANES_ROWS_MAX)
		kept += lanes->rows[--i].weight >= weight;
	return i;
}

void lanes_fold(struct lanes *lanes)
{
	const int weight = count_from(lanes, 1) <= PAGE_ROWS ? 1 : 2;
	const size_t first = first_row(lanes, weight);
	size_t kept = 0;
	unsigned folded = 0, thread = LANES_NOBODY;
	for (size_t i = 0; i < lanes->count; i++) {
		struct lane_row row = lanes->rows[i];
		if (row.weight < (i < first ? 3 : weight)) {
			free(row.object);
			free(row.note);
			folded += row.weight >= 0;
			thread = row.thread;
			continue;
		}
		row.folded = folded;
		row.folded_thread = thread;
		folded = 0;
		lanes->rows[kept++] = row;
	}
	lanes->count = kept;
	lanes->folded_end = folded;
	lanes->folded_end_thread = thread;
}
