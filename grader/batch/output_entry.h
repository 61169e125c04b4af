/* batch/output_entry.h - the folder of one entry: entries/ENTRY/grade.json and what is made of it.
 * [MT-Confined] */
#ifndef GRADER_OUTPUT_ENTRY_H
#define GRADER_OUTPUT_ENTRY_H
#include <jansson.h>

#include "base/words.h"
#include "batch/store.h"

/* Formats that an entry can have, besides grade.json, run.json and report.txt: "html junit ...". */
extern const char output_entry_formats[];

/* Does nothing if the folder holds these forms of this state (its file .made says so). */
void output_entry(struct store *store, const struct words *formats, const json_t *class,
		  json_t *entry);

#endif
