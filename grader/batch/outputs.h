/* batch/outputs.h - the files that people and course systems want, all derived from the store: made
 * again from it they have the same bytes, and one that is right already is not written. Each is
 * written beside its place and renamed there. [MT-Confined] */
#ifndef GRADER_OUTPUTS_H
#define GRADER_OUTPUTS_H
#include <jansson.h>
#include <stdbool.h>

#include "base/words.h"
#include "batch/store.h"

/* What a class with this layout gets if nobody asks for anything: "csv jsonl html moodle". */
void outputs_usual(const char *layout, struct words *formats);

/* Dies, with their list, if one of these names is no format. */
void outputs_check(const struct words *formats);

/* Those that the run was asked for. */
void outputs_asked(struct store *store, struct words *formats);

/* Files of the whole class; html: report.html too. */
void outputs_class(struct store *store, const json_t *class, bool html);

/* entries/ENTRY/ of one of class's entries, unless it is there and of this state. */
void outputs_entry(struct store *store, const json_t *class, json_t *entry);

/* Everything; folders of entries that are no longer in the class go. */
void outputs_all(struct store *store);

#endif
