/* batch/place.h - file systems that a store must not lie on: other machines, or a host's other
 * programs, can write to them, and their locks and shared memory do not hold what SQLite's WAL
 * needs. [MT-Safe] */
#ifndef GRADER_PLACE_H
#define GRADER_PLACE_H

/* The name of the file system with this number (f_type of statfs) if a store is not safe on it;
 * NULL: it is. Static. Source of the numbers: linux/magic.h and the file systems' own headers. */
const char *place_unsafe_kind(unsigned long magic);

/* The same of the file system that `path` lies on. Dies if that cannot be found out. */
const char *place_unsafe(const char *path);

#endif
