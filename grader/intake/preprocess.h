/* intake/preprocess.h - from sources to preprocessed text that every build compiles: preprocessed
 * once, without the macros that tell which detector watches, read by the token audit, and then
 * compiled as it was read. [MT-Confined] */
#ifndef GRADER_PREPROCESS_H
#define GRADER_PREPROCESS_H
#include <jansson.h>

#include "base/words.h"
#include "intake/collect.h"
#include "intake/lab.h"

/* Makes FOLDER/text/CC/NAME.i of each .c file, for each compiler of the lab's builds; files side by
 * side. Warnings of the first build's compiler are added as clean text. NULL, or the first finding
 * in the order of lab.conf (returned). */
json_t *preprocess_sources(const struct lab *lab, const struct submission *submission,
			   const char *folder, struct words *warnings);

/* The same for the compiler of one build more. */
json_t *preprocess_build(const struct lab *lab, const struct lab_build *build,
			 const struct submission *submission, const char *folder);

/* The path of the text of a .c file for a build. Returned (free). */
char *preprocess_path(const struct lab_build *build, const char *folder, const char *source);

/* What the reader of tokens has printed, {"files":{"net.c":[{"rule","line","token"}]}}, as a
 * finding; `name` is the file that it read. NULL: nothing is refused. For tests of its own.
 * Returned. */
json_t *preprocess_finding(const struct lab *lab, const char *name, const json_t *report);

#endif
