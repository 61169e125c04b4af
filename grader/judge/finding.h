/* judge/finding.h - the finding of a failed test as a reader sees it: what, where, why, next; clean
 * text throughout. Pure, as all of judge/. All functions are [MT-Safe]. */
#ifndef GRADER_JUDGE_FINDING_H
#define GRADER_JUDGE_FINDING_H
#include <jansson.h>

/* What turns functions and addresses into file:line. Borrowed. */
struct finding_context {
	const char *lab_number; /* for the command in "next" */
	const json_t *files; /* ["net.c",...]: no other file is ever named                       */
	const json_t *functions; /* {"net_read_full":["net.c",42],...} */
	const json_t *places; /* {"0x1a2f":{"file","line","function"},...}                        */
};

/* The finding of grade.json for a test from the finding of its verdict. Returned. */
json_t *finding_finish(const json_t *test, const json_t *finding,
		       const struct finding_context *context);

#endif
