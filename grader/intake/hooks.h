/* intake/hooks.h - hands the library calls of a submission to the explorer's runtime. [MT-Confined]
 */
#ifndef GRADER_HOOKS_H
#define GRADER_HOOKS_H
#include <jansson.h>

#include "intake/lab.h"

/* Renames what the object at `path` imports, by the map of the build: "name new" redirects, "name
 * name" allows, anything else becomes a call of the runtime's refusal, which says where it stands:
 * what the runtime does not schedule is never run half-controlled, and what is never reached costs
 * nothing. NULL, or the finding. */
json_t *hooks_apply(const struct lab *lab, const struct lab_build *build, const char *path);

#endif
