/* command/second.h - second opinions: the lab's native stress under detectors of others, beside the
 * tests. They change no status, no point and no byte of grade.json (judge/layers.h). [MT-Confined]
 */
#ifndef GRADER_COMMAND_SECOND_H
#define GRADER_COMMAND_SECOND_H
#include <jansson.h>

#include "intake/collect.h"
#include "intake/lab.h"

struct second;

/* Ends this program with status 2 if `detectors`, names separated by commas or blanks, holds one
 * that harness/builds.conf does not; "none" and NULL are fine. */
void second_check(const struct lab *lab, const char *detectors);

/* Starts to ask those that are compiled in, and those of `detectors`; "none" asks nobody.
 * Everything is borrowed until second_finish; the submission's builds below `folder` are made. NULL
 * if nobody is asked, as in a lab without a stress. */
struct second *second_start(const struct lab *lab, const struct submission *submission,
			    const char *folder, const char *detectors);

/* Waits for them. What they saw, as layers_compare takes it, each with "detector". `second` is
 * ended. An empty list for NULL. Returned. */
json_t *second_finish(struct second *second);

#endif
