/* batch/abandon.h - what a batch that ends in the middle (a full disk, a lost store) still does:
 * ends the gradings that run with all of their processes, removes their folders, and closes their
 * attempts as "stopped", so that they do not count as crashes. After SIGKILL nobody does it, and
 * the next start takes care. [MT-Confined]; one per process. */
#ifndef GRADER_ABANDON_H
#define GRADER_ABANDON_H
#include "batch/slot.h"
#include "batch/store.h"

/* From now on, should exit() be called. Slots and store are the caller's and have to stay. */
void abandon_arm(struct store *store, const struct slot *slots, unsigned count);
void abandon_disarm(void);

#endif
