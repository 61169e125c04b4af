/* batch/audit.h - the determinism audit: grades a sample again from nothing, under other
 * conditions, and compares the bytes of grade.json. Commits no verdict; a difference is a defect of
 * the grader. [MT-Confined] */
#ifndef GRADER_BATCH_AUDIT_H
#define GRADER_BATCH_AUDIT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "batch/pipeline.h"
#include "batch/store.h"

/* The machine meanwhile. */
struct audit_condition {
	unsigned slots;
	bool load; /* a busy process on every core */
};

struct audit_end {
	size_t sample, conditions, differences, lost; /* lost: no grade, by our fault */
};

/* Submissions that are graded: `percent` of them, at least `least`, drawn by the seed; and always
 * the lowest, the highest, and one for each finding. Hashes; returned in *sample. */
void audit_draw(struct store *store, const char *seed, long percent, size_t least,
		struct words *sample);

/* Nothing but the draw: percent of them, rounded up. */
void audit_draw_few(struct store *store, const char *seed, long percent, struct words *sample);

/* Grades them under each condition. Both files of a difference are kept in OUT/audit/HASH/. The
 * result goes to the store and *end. */
void audit_run(struct store *store, const struct pipeline_options *options,
	       const struct words *sample, const struct audit_condition *conditions, size_t count,
	       struct audit_end *end);

/* "audit: 15 submissions x 3 conditions, 0 differences". */
void audit_print(FILE *out, const struct store *store, const struct audit_end *end);

#endif
