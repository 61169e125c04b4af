/* batch/hand_in.h - from the pieces of one hand-in to its canonical submission. [MT-Confined] */
#ifndef GRADER_HAND_IN_H
#define GRADER_HAND_IN_H
#include "batch/entry.h"
#include "batch/layout.h"
#include "intake/lab.h"

struct hand_in_place {
	const char *root;    /* what the pieces' paths begin at                             */
	const char *out;     /* of the batch: objects/ is filled                            */
	const char *scratch; /* a folder of ours, made and removed for each hand-in         */
};

/* Fills in hash, note and state of the entry. Dies only of what is wrong with the machine (a full
 * disk). */
void hand_in_take(const struct lab *lab, const struct hand_in_place *place,
		  const struct draft *draft, struct entry *entry);

#endif
