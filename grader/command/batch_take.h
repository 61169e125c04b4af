/* command/batch_take.h - where a class comes from and goes to, and the class into the store. All
 * functions die, with what to do, on wrong use. [MT-Confined] */
#ifndef GRADER_BATCH_TAKE_H
#define GRADER_BATCH_TAKE_H
#include "base/words.h"
#include "batch/scan.h"
#include "batch/store.h"

/* Before anything is made: there is such a class, and OUT does not lie in it. */
void batch_check_places(const char *submissions, const char *out);

/* Reads the class, says what was seen, keeps it in the store. A signal meanwhile ends the program
 * cleanly. */
void batch_take_class(struct store *store, const struct lab *lab, const struct scan_options *scan);

/* The run has an entry of each of these names. */
void batch_check_only(struct store *store, const struct words *only);

#endif
