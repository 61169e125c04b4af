/* report/terminal.h - the grade for a person: 80 columns, every fact in words, colour only where
 * asked for. Source: formats.md section 5. [MT-Confined] to one stream */
#ifndef GRADER_TERMINAL_H
#define GRADER_TERMINAL_H
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/words.h"

struct terminal_context {
	const char *lab_number;       /* "1": for commands                                        */
	const json_t *parts;          /* {"A":"listen, read all",...}                             */
	const struct words *warnings; /* the compilers' words, clean                              */
	const char *folder;           /* where grade.json, run.json, evidence.jsonl lie           */
	bool colour;
};

/* Prints the whole report of a grade.json. */
void terminal_report(FILE *out, const json_t *grade, const struct terminal_context *context);

/* true: the stream is a terminal and NO_COLOR is not set. */
bool terminal_has_colour(FILE *out);

#endif
