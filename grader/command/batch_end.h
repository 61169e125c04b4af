/* command/batch_end.h - the last lines of a batch. [MT-Confined] */
#ifndef GRADER_BATCH_END_H
#define GRADER_BATCH_END_H
#include <stddef.h>
#include <stdint.h>

#include "batch/pipeline.h"
#include "batch/store.h"

/* How many entries have which state, how long it took, and how much of that was our own. */
void batch_end_print(const struct store_counts *counts, const struct pipeline_costs *costs,
		     const struct pipeline_end *end, uint64_t wall_us);

/* What to do next, if anything; differences: what the audit found. The exit status. */
int batch_end_advice(const struct store *store, const struct store_counts *counts,
		     const struct pipeline_end *end, size_t differences);

#endif
