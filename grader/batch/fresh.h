/* batch/fresh.h - keeps the reports fresh while a batch works: results appear as they come, and
 * writing them takes a fiftieth of the time at most. [MT-Confined] */
#ifndef GRADER_FRESH_H
#define GRADER_FRESH_H
#include <stdint.h>

#include "base/words.h"
#include "batch/pipeline.h"
#include "batch/store.h"

struct fresh {
	struct store *store;
	struct pipeline_costs *costs;
	struct words hashes; /* of submissions whose entries are not written yet */
	uint64_t next_us, html_us;
};

void fresh_init(struct fresh *fresh, struct store *store, struct pipeline_costs *costs);
void fresh_fini(struct fresh *fresh);
void fresh_mark(struct fresh *fresh, const char *hash);
void fresh_if_time(struct fresh *fresh);

#endif
