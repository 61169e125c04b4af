/* command/refused.h - tells which system calls the sandbox refused. [MT-Confined] */
#ifndef GRADER_REFUSED_H
#define GRADER_REFUSED_H
#include <jansson.h>

#include "base/words.h"
#include "intake/lab.h"

/* Adds one note if the facts of `evidence` (plan.h), of builds without a detector, tell of any. The
 * names come from the kernel's table, in alphabetical order, so the note is the same in each run.
 */
void refused_note(const struct lab *lab, const json_t *evidence, struct words *notes);

#endif
