/* intake/compile.h - from sources to objects, by our argument vector alone. [MT-Confined] */
#ifndef GRADER_COMPILE_H
#define GRADER_COMPILE_H
#include <jansson.h>

#include "base/words.h"
#include "intake/collect.h"
#include "intake/lab.h"
#include "sandbox/box.h"

/* Compiles the preprocessed text of every .c file for one build into FOLDER/obj/BUILD/NAME.o, at
 * most `at_once` (>= 1) at a time, and adds the objects' paths to `objects`. Diagnostics of a file
 * that compiles go to `warnings` as clean text. NULL, or the finding of the first file that does
 * not compile (returned). */
json_t *compile_sources(const struct lab_build *build, const struct submission *submission,
			const char *folder, size_t at_once, struct words *objects,
			struct words *warnings);

/* Adds how a compiler is to speak of errors: few, plain, without our folders. */
void compile_diagnostics(const struct lab_build *build, struct words *command);

/* What a compiler printed, without the box's folders in front of our names, clean. Returned. */
char *compile_tidy(const char *output, size_t length);

/* How a run of the compiler or preprocessor on one file ended, as a finding; NULL if it was
 * successful. `output` is tidy. Returned. Dies if the machine gave it no time, or is too
 * slow for a limit to mean anything. */
json_t *compile_judge(const struct submission *submission, const char *name,
		      const struct box_result *result, const char *output);

/* The first "NAME:LINE:COLUMN: error: TEXT" of a compiler's output that speaks of a file of the
 * submission, as a finding `compile-error`; `name` is the file that was compiled. For tests of its
 * own. Returned. */
json_t *compile_finding(const struct submission *submission, const char *name, const char *output);

/* Whether a machine on which the compiler ended so on an empty file is about ten times slower than
 * an ordinary one, or more: there it takes 20 to 40 ms of CPU time. For tests of its own. */
bool compile_is_slow(const struct box_result *empty);

#endif
