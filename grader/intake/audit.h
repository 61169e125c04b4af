/* intake/audit.h - the decision on a build's objects: accepted, or a finding. [MT-Confined] */
#ifndef GRADER_AUDIT_H
#define GRADER_AUDIT_H
#include <jansson.h>
#include <stdbool.h>

#include "base/words.h"
#include "intake/lab.h"

/* Has every object (paths, named after their sources) read by `grade tool-audit` in a box. NULL if
 * they define each export once and nothing is refused, else the first finding (returned). */
json_t *audit_objects(const struct lab *lab, const struct words *objects, bool instrumented);

/* The decision from what the reader printed, {"net.c":{"refused":[],"globals":[]},...}: for tests
 * of its own. */
json_t *audit_finding(const struct lab *lab, const json_t *report);

#endif
