/* batch/extract.h - archives, unpacked by a reader of ours in a box (grader/tools/unpack.c): what
 * comes out is one stream of bytes and a list of names, and every name is looked at here before
 * anything is made of it. Source: libarchive; the rules are in grader/batch/README.md.
 * [MT-Confined]; forks. */
#ifndef GRADER_EXTRACT_H
#define GRADER_EXTRACT_H
#include <stdbool.h>
#include <stddef.h>

#include "base/words.h"

/* Something of a class download that was not made. Texts are clean; `path` has no "." or "/" in
 * front. */
struct extract_problem {
	char *path, *what;
	bool fatal; /* the hand-in that it belongs to cannot be used */
};

struct extracted {
	char *refused;                    /* NULL, or why nothing of the archive may be used */
	struct words notes;               /* a hand-in: what was skipped                     */
	struct extract_problem *problems; /* a class: all of it                */
	size_t problem_count;
};

/* Unpacks a hand-in into the folder `into`, which must not exist. `reader` is the path of
 * build/unpack; the descriptor is borrowed. What is wrong with the archive is `refused`; dies if
 * the box or the disk fails. *extracted is returned to the caller. */
void extract_hand_in(const char *reader, int archive, const char *into,
		     struct extracted *extracted);

/* The same with a class download: larger limits, and what is wrong with a name is a problem of that
 * name alone. */
void extract_class(const char *reader, int archive, const char *into, struct extracted *extracted);

void extracted_fini(struct extracted *extracted);

#endif
