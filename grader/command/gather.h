/* command/gather.h - makes programs of a submission, runs its tests, and gathers the evidence: all
 * of a grading but collecting and judging. [MT-Confined] */
#ifndef GRADER_GATHER_H
#define GRADER_GATHER_H
#include <jansson.h>

#include "command/grading.h"
#include "intake/collect.h"

/* The evidence, see command/evidence.h, with clean texts; the folder and the times of *grading are
 * filled in. Returned. */
json_t *gather(const struct lab *lab, const json_t *lab_json, const struct submission *submission,
	       const struct grading_options *options, struct grading *grading);

/* The evidence on a submission that cannot be built, as bytes; nothing is run. Returned (free). */
char *gather_unbuilt(const struct lab *lab, const struct submission *submission, const char *seed);

/* The isolation of this host, "full" or "reduced". Dies if it has none. */
const char *gather_isolation(void);

#endif
