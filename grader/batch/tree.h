/* batch/tree.h - what lies below a folder that others filled: looked at without following a link,
 * and within limits. Source: openat2(2), RESOLVE_BENEATH. Errors are positive errno values.
 * [MT-Confined] to one tree. */
#ifndef GRADER_TREE_H
#define GRADER_TREE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/words.h"

enum { TREE_ENTRIES_MAX = 20000 };

struct tree {
	struct words folders; /* "" first, then paths below it, in byte order               */
	struct words files;   /* regular files, in byte order                                */
	struct words strange; /* links, devices, FIFOs, sockets                              */
	bool cut;             /* there is more than TREE_ENTRIES_MAX, or it is too deep      */
};

/* Lists what is below `root`, which is no link itself; junk (names.h) is left out. *tree is
 * returned to the caller, also on an error. */
int tree_walk(const char *root, struct tree *tree);
bool tree_has_file(const struct tree *tree, const char *path);
void tree_fini(struct tree *tree);

/* Makes the folders that `path` lies in, or, if it ends with "/", itself. */
int beneath_make_folders(int folder, const char *path);
/* Copies a regular file of at most max_bytes; EFBIG if it is larger. */
int beneath_copy(int from, const char *path, int to, const char *name, uint64_t max_bytes);

#endif
