/* run/stress.h - runs a stress under the detector of others, in a box, and reads what that wrote.
 * [MT-Confined] */
#ifndef GRADER_RUN_STRESS_H
#define GRADER_RUN_STRESS_H
#include <jansson.h>

#include "sandbox/box.h"

struct stress_job {
	const char *tool;    /* "tsan", compiled into the program; "helgrind", "drd"         */
	const char *program; /* path                                                        */
	const char *part;    /* "B": its argument                                           */
	const struct box_file *libraries; /* NULL: none                                     */
	enum box_policy policy;
};

/* What such a tool lacks on this machine, with the next command; NULL: nothing. Static. */
const char *stress_lacks(const char *tool);

/* Runs it. What second_log.h says of its logs, and "ended": "exited" (with "code"), "signal" (with
 * "code"), "limit" (of memory or output, or a call that nobody makes by accident), "time" (it did
 * not end), "box" (our fault). Returned. */
json_t *stress_run(const struct stress_job *job);

#endif
