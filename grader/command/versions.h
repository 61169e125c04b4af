/* command/versions.h - what a grade depends on beside the submission: the `versions` of grade.json.
 * Source: batch.md 4.4 (the grade key). [MT-Confined] */
#ifndef GRADER_VERSIONS_H
#define GRADER_VERSIONS_H
#include <jansson.h>

#include "intake/lab.h"

/* The object with all its keys in order. Returned. */
json_t *versions_make(const struct lab *lab, const char *seed, const char *isolation);

#endif
