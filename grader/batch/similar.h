/* batch/similar.h - whose hand-ins are alike: a hint for a person to read, kept in the store beside
 * the grades and never part of one. What the lab gave, skeleton and headers, is taken out first.
 * Format "interleave-similar/1", see grader/batch/README.md. [MT-Confined]; forks. */
#ifndef GRADER_SIMILAR_H
#define GRADER_SIMILAR_H
#include <jansson.h>

#include "batch/conf.h"
#include "batch/store.h"
#include "intake/lab.h"

/* Compares the hand-ins of the run and keeps the answer in the store, unless it is there of the
 * same hand-ins and settings; with similarity off there is none. Says in a line how it went, or why
 * there is no answer. */
void similar_update(struct store *store, const struct lab *lab, const struct batch_conf *conf);

/* The answer; NULL: there is none. Returned. */
json_t *similar_value(struct store *store);

#endif
