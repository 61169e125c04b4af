/* command/versions.h - what a grade depends on beside the submission: the `versions` of grade.json.
 * Source: batch.md 4.4 (the grade key). [MT-Confined] */
#ifndef GRADER_VERSIONS_H
#define GRADER_VERSIONS_H
#include <jansson.h>

#include "intake/lab.h"

/* What is known where a submission runs: {"grader_hash","lab_hash","toolchain","features"}.
 * Returned.
 */
json_t *versions_facts(const struct lab *lab);

/* The sums of the lab and of this program, "sha256:...". Returned (free). */
char *versions_lab_hash(const struct lab *lab);
char *versions_grader_hash(const struct lab *lab);

/* The object with all its keys in order; `judge` is the sum of the grader that judges. Where
 * another one ran the submission, the grade key tells. With an image (command/vm.h) the key is of
 * that, so that grades of virtual machines and of others are never taken for each other. Returned.
 */
json_t *versions_of(const struct lab *lab, const char *seed, const char *isolation,
		    const json_t *facts, const char *judge, const char *image);

/* The same, as far as it is known before a virtual machine has run: the key is the grade's.
 * Returned. */
json_t *versions_vm(const struct lab *lab, const char *seed, const char *image);

/* The same of what runs and is judged here. Returned. */
json_t *versions_make(const struct lab *lab, const char *seed, const char *isolation);

#endif
