/* batch/pipeline.h - grades what the store holds as queued: dispatches to slots, commits results,
 * keeps reports fresh, tells how far it is. Stops cleanly on SIGINT (finishes what runs; twice:
 * ends it) and SIGTERM (ends it). [MT-Confined]; one per process. */
#ifndef GRADER_PIPELINE_H
#define GRADER_PIPELINE_H
#include <stdbool.h>
#include <stdint.h>

#include "base/words.h"
#include "batch/slot.h"
#include "batch/store.h"

enum {
	PIPELINE_INFRA_ROW = 5,     /* of different submissions: the machine is broken */
	PIPELINE_FREE_MIB = 512,    /* of OUT's disk before each start                 */
	PIPELINE_BOUND_S = 2 * 3600 /* of one grading; only for what hangs beyond its own bounds */
};

struct pipeline_options {
	const char *root;    /* of the repository                                  */
	const char *program; /* who grades; NULL: this program                     */
	const char *detectors;
	bool vm;             /* each in a virtual machine (grade run --vm)      */
	const char *machine; /* that stands in for it, for tests; NULL: none    */
	const char *lab, *seed, *isolation;
	unsigned slots;
	long max_attempts;
	long free_mib, bound_s;
	struct words only; /* entries; empty: all */
};

/* Time that is ours. */
struct pipeline_costs {
	uint64_t begin_us; /* of it all, by clock_us() */
	uint64_t scan_us, commit_us, report_us;
};

struct pipeline_end {
	bool stopped;       /* by a signal                               */
	const char *broken; /* NULL, or why it stopped: the machine      */
	bool full;          /* ... namely its disk                       */
	char *last_reason;  /* of the last infra; returned (free) or NULL */
	uint64_t wall_us;
	size_t graded; /* submissions that ran to a grade              */
};

void pipeline_run(struct store *store, const struct pipeline_options *options,
		  struct pipeline_costs *costs, struct pipeline_end *end);

#endif
