/* batch/extract.h - archives, unpacked by a reader of ours in a box (grader/tools/unpack.c): what
 * comes out is one stream of bytes and a list of names, and every name is looked at here before
 * anything is made. Source: libarchive; rules of grader/batch/README.md. [MT-Confined] */
#ifndef GRADER_EXTRACT_H
#define GRADER_EXTRACT_H
#include <stdbool.h>
#include <stddef.h>

#include "base/words.h"

/* Something that was not made: `path` is clean text. */
struct extract_problem {
	char *path, *what;
	bool fatal; /* the hand-in that it belongs to cannot be used                      */
};

struct extracted {
	char *refused;      /* NULL, or why nothing of the archive may be used; clean       */
	struct words notes; /* what was skipped; clean                                      */
	struct extract_problem *problems; /* extract_class only                             */
	size_t problem_count;
};

/* A hand-in: fresh folder `into`, all rules. The descriptor is borrowed. */
void extract_hand_in(int archive, const char *into, struct extracted *extracted);

/* A class download: larger limits, and what is wrong with a name is a problem of its own. */
void extract_class(int archive, const char *into, struct extracted *extracted);

void extracted_fini(struct extracted *extracted);

#endif
