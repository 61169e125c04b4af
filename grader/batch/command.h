/* batch/command.h - the child that grades one submission: its command line, and what it left.
 * [MT-Confined] */
#ifndef GRADER_BATCH_COMMAND_H
#define GRADER_BATCH_COMMAND_H
#include "batch/pipeline.h"
#include "batch/result.h"
#include "batch/slot.h"
#include "batch/store.h"

/* To grade the canonical submission with this hash in `folder`. */
void command_make(const struct store *store, const struct pipeline_options *options,
		  const char *hash, const char *folder, struct words *argv);

/* NULL: *result is a grade, with the times of `ended`. Else why not, which is our fault (returned,
 * free): the child died or gave up, or left nothing that we believe. */
char *command_result(const struct store *store, const struct pipeline_options *options,
		     const char *hash, const struct slot *slot, const struct slot_end *ended,
		     struct result *result);

#endif
