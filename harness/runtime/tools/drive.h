/* drive.h - one drive of a program: what was asked for, and what came of it. */
#ifndef DRIVE_H
#define DRIVE_H
#include <stdbool.h>
#include <stdint.h>

#include "explore.h"

int program_main(int argc, char **argv);

struct drive {
	const char *strategy;
	uint64_t count, seed;
	uint32_t flags, k;
	uint32_t points_max;
	uint8_t cores; /* EXPLORE_VT */
	bool hash, keep, calm;
	/* out */
	const char *found; /* NULL: nothing                                                      */
	uint64_t played, first, points, all_hashes;
};

/* Plays one plan; notes what it came to. true: a finding, or threads that sleep for ever. */
bool drive_one(struct drive *d, const struct explore_plan *plan);
/* d->count executions of the strategy from d->seed. 0; -1: no such strategy. */
int drive_seeds(struct drive *d);
/* All schedules with 0, 1, 2 preemptions, up to d->count executions. */
void drive_icb(struct drive *d);
/* Prints the finding of the slot played last. */
void drive_report(const struct explore_answer *a);
const char *drive_name(const struct explore_answer *a);
#endif
