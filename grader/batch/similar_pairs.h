/* batch/similar_pairs.h - which two of many texts have much in common. sim_c looks at all of them
 * at once, which is fast but names for each piece of a text only the best of its likenesses; the
 * pairs that this suggests, and those among texts that are alike, are then looked at alone, both
 * ways. [MT-Confined]; forks. */
#ifndef GRADER_SIMILAR_PAIRS_H
#define GRADER_SIMILAR_PAIRS_H
#include "batch/similar_box.h"

enum { SIMILAR_COMPARED_MAX = 1000 }; /* pairs that are looked at alone */

struct similar_task {
	const char *const *texts;
	size_t count;
	long min_tokens, above; /* a run's tokens; percent of either text */
	/* true: these two are never compared. */
	bool (*skip)(const void *user, size_t a, size_t b);
	const void *user;
};

/* a < b; percents of the tokens of each that the other has, too; the longest run. */
struct similar_pair {
	size_t a, b;
	long a_percent, b_percent;
	struct similar_run run;
};

struct similar_found {
	struct similar_pair *pairs; /* the larger percentage first, then the longer run */
	size_t count;
	size_t compared, failed; /* pairs looked at alone; of these, how many in vain */
	bool more;               /* there were more to look at than the bound allows  */
};

/* NULL, and *found is returned (similar_found_fini); or a phrase (static). */
const char *similar_pairs(const struct similar_task *task, struct similar_found *found);
void similar_found_fini(struct similar_found *found);

#endif
