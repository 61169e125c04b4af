/* batch/queue.h - what is still to be graded, in which order: by names of entries, so that partial
 * results are predictable; then, each alone on the machine, what failed before by our fault and
 * what is suspected of stopping the machine. Two entries of one hash are one piece of work.
 * [MT-Confined] */
#ifndef GRADER_QUEUE_H
#define GRADER_QUEUE_H
#include <stdbool.h>
#include <stddef.h>

#include "base/hash.h"
#include "batch/store.h"

enum { QUEUE_CRASHES_SUSPECT = 2, QUEUE_CRASHES_MAX = 3 };

struct work {
	char hash[HASH_HEX_BYTES];
	char *entry; /* the first of its entries */
	unsigned tries;
	bool alone;        /* nothing else may run meanwhile */
	bool control;      /* has its grade: graded again to see whether the machine still can */
	long long crashes; /* how often the batch ended while it ran */
};

struct queue {
	struct work *item;
	size_t count, room, next;
};

/* What the store holds as queued; `only`: of these entries (an empty list: all). A submission
 * during which the batch ended QUEUE_CRASHES_MAX times is ungraded and no work. */
void queue_fill(struct queue *queue, struct store *store, const struct words *only);
void queue_fini(struct queue *queue);

/* true: there is a piece that may start while `running` others run. */
bool queue_has(const struct queue *queue, size_t running);
/* Its index; to be asked only if there is one. */
size_t queue_take(struct queue *queue);

/* Puts a piece in front that is graded alone, only to see whether the machine can: the first of all
 * that have a grade. false: there is none. */
bool queue_control(struct queue *queue, struct store *store);

/* Puts the piece at the end, to run alone; its index changes: the old one is no longer in use. */
void queue_last(struct queue *queue, size_t index);

#endif
