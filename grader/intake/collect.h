/* intake/collect.h - takes from a folder the files that a lab lists, and nothing else.
 * Source: openat2(2); the submission hash as in the batch design (name, length and sum of each
 * file). A folder that cannot be read is wrong use and ends the program; what is wrong inside it is
 * data. [MT-Confined] */
#ifndef GRADER_COLLECT_H
#define GRADER_COLLECT_H
#include <jansson.h>
#include <stddef.h>

#include "base/hash.h"
#include "base/words.h"
#include "intake/lab.h"

enum { SOURCE_BYTES_MAX = 256 * 1024 };

struct source {
	char *name; /* of the lab's list, never of the submission's choosing */
	char *bytes;
	size_t length;
};

/* A file that is data for the examiner; any bytes. */
struct text {
	const char *name; /* borrowed from the lab */
	char *bytes;      /* NULL: it was not handed in */
	size_t length;
	const char *why; /* NULL, or why it counts as not handed in: "a folder", "too large" */
};

struct submission {
	struct source *sources; /* in the order of lab.conf */
	size_t count;
	struct text *texts; /* one for each of the lab's list, in its order              */
	size_t text_count;
	/* Listed names with something in their place that is not read: a link, a folder, too much.
	 * They cost more than a missing file that need not be there, so the sum has them. */
	struct words unusable;
	char hash[HASH_HEX_BYTES];
	struct words notes; /* clean text: what was ignored, missing, not UTF-8   */
	json_t *finding;    /* NULL, or why it cannot be built (see finding.h)    */
};

/* Reads the folder at `path`. *submission is filled in, returned to the caller. */
void submission_collect(const struct lab *lab, const char *path, struct submission *submission);
void submission_fini(struct submission *submission);

#endif
