/* batch/similar_hands.h - the hand-ins of a class, compared with each other: the answer that
 * similar.h keeps. [MT-Confined]; forks. */
#ifndef GRADER_SIMILAR_HANDS_H
#define GRADER_SIMILAR_HANDS_H
#include <jansson.h>
#include <stddef.h>

#include "batch/conf.h"
#include "batch/store.h"
#include "intake/lab.h"

enum { SIMILAR_SHOWN_MAX = 200 }; /* pairs of each file of the lab that are kept */

/* Of one entry. */
struct hand {
	char *name, *hash, *group; /* group may be NULL */
};

/* Compares each file of the lab over all these. Format "interleave-similar/1", see
 * grader/batch/README.md. Returned. */
json_t *similar_compare(struct store *store, const struct lab *lab, const struct batch_conf *conf,
			const struct hand *hands, size_t hand_count);

#endif
