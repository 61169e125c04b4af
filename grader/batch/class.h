/* batch/class.h - the class as one value, made of the store: what every report of a whole batch is
 * made of. Format "interleave-class/1", see grader/batch/README.md. [MT-Confined] */
#ifndef GRADER_CLASS_H
#define GRADER_CLASS_H
#include <jansson.h>

#include "batch/store.h"

enum { CLASS_FINDING_ENTRIES_MAX = 20 };

/* The run that the store is at. Returned. */
json_t *class_make(struct store *store);

/* The bytes of an entry's verdict: borrowed from the statement, which the caller ends (sql_end).
 * NULL: it has no grade. Columns: 0 id, 1 json, 2 run, 3 json_hash. */
sqlite3_stmt *class_verdict(struct store *store, const json_t *entry);

/* Column 1 or 2 of it as a value; NULL for NULL. Returned. */
json_t *class_value(sqlite3_stmt *verdict, int column);

#endif
