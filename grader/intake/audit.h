/* intake/audit.h - the decision on a build's objects: accepted, or a finding. [MT-Confined] */
#ifndef GRADER_AUDIT_H
#define GRADER_AUDIT_H
#include <jansson.h>

#include "base/words.h"
#include "intake/lab.h"

/* Has every object of a build (paths, named after their sources) read by build/audit in a
 * box. NULL if they define each export once and nothing is refused, else the first finding
 * (returned). *report is what the reader printed, or NULL (returned). */
json_t *audit_objects(const struct lab *lab, const struct lab_build *build,
		      const struct words *objects, json_t **report);

/* The decision from what the reader printed, {"objects":{"net.c":{"refused":[],
 * "globals":[],"imports":[]},...},"ours":{"player_flow":true,...}}: for tests
 * of its own. */
json_t *audit_finding(const struct lab *lab, const json_t *report);

#endif
