/* batch/objects.h - the canonical submissions: OUT/objects/<first two digits>/<hash>/, read-only.
 * A folder there holds exactly the lab's files that were handed in; grading it is grading what the
 * student's folder held, and its sum (intake/collect.h) is its name. [MT-Confined] */
#ifndef GRADER_OBJECTS_H
#define GRADER_OBJECTS_H
#include <stdbool.h>

#include "intake/collect.h"
#include "intake/lab.h"

/* Where the submission with this hash lies. Returned (free). */
char *object_path(const char *out, const char *hash);

/* true: it is there, and its sum is its name. To be asked before each use. */
bool object_is_intact(const struct lab *lab, const char *out, const char *hash);

/* Stores what was collected, unless it is there, intact; a damaged one is made again. 0 or errno
 * (ENOSPC, EACCES, ...). */
int object_store(const struct lab *lab, const char *out, const struct submission *submission);

/* Removes a folder that may be read-only inside, or a file. 0 (also if there is none), or a
 * positive errno. */
int object_remove(const char *path);

#endif
