/* batch/room.h - the disk of OUT: what is left of it, and what writers that were killed left there.
 * [MT-Safe] */
#ifndef GRADER_ROOM_H
#define GRADER_ROOM_H
#include <stdbool.h>
#include <stdint.h>

/* Less than this after a grading failed: the disk is to blame, not the grading. */
enum { ROOM_FULL_MIB = 32 };

/* Bytes that an ordinary user may still write there. Dies if nobody can tell. */
uint64_t room_bytes(const char *path);
bool room_has_mib(const char *path, long mib);

/* Removes NAME.PID.tmp of file_write and object_store from OUT and OUT/objects, if no such process
 * is left; to be called with the lock. What cannot be removed stays. */
void room_sweep(const char *out);

#endif
