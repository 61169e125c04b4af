/* batch/progress.h - how far a batch is: a line on stderr, drawn anew twice a second on a terminal,
 * a line every ten seconds elsewhere, and OUT/progress.json once a second. [MT-Confined] */
#ifndef GRADER_PROGRESS_H
#define GRADER_PROGRESS_H
#include <stdbool.h>
#include <stdint.h>

#include "batch/store.h"

enum { PROGRESS_RECENT = 32 };

struct progress {
	bool terminal;
	const char *lab; /* "3" */
	unsigned slots;
	uint64_t begun_us, drawn_us, filed_us;
	size_t graded;                     /* since it began */
	long long recent[PROGRESS_RECENT]; /* wall time of the last ones, in ms */
};

void progress_begin(struct progress *progress, const char *lab, unsigned slots);

/* A submission took so long. */
void progress_took(struct progress *progress, long long wall_ms);

/* Draws if it is time. `running` of them run, `what` is one's entry or NULL; remark: a phrase or
 * NULL, "waiting: the disk is full". */
void progress_show(struct progress *progress, struct store *store, size_t running, const char *what,
		   const char *remark);

/* Ends the line. */
void progress_end(struct progress *progress, struct store *store);

/* Minutes that `left` submissions take, or -1: not known yet. [MT-Safe] */
long progress_minutes(const struct progress *progress, size_t left);

#endif
