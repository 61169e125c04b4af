/* vm/machine_memory.h - disks that are memory: nothing of a submission is ever in a folder, so
 * nothing is left when this program is killed. Descriptors are returned to the caller,
 * close-on-exec; functions die when that is not possible. [MT-Safe] */
#ifndef VM_MACHINE_MEMORY_H
#define VM_MACHINE_MEMORY_H
#include <stddef.h>
#include <sys/types.h>

enum {
	INPUT_DISK_BYTES = 8 << 20,   /* always: a restored guest knows the size from before */
	RESULT_DISK_BYTES = 16 << 20, /* of which 8 are the length */
	OUTPUT_BYTES_MAX = 1 << 20,   /* of a serial line that goes to a file */
};

/* A disk of `bytes` bytes that cannot grow or shrink; pages come when they are written. */
int memory_disk(const char *name, off_t bytes);
/* A file for writing, empty. */
int memory_file(const char *name);
/* The same file once more, opened as open(2)'s flags say: QEMU takes a file to be what its
 * descriptor is. */
int memory_reopen(int fd, int flags);
/* A copy of a file, padded to `bytes` (0: not padded), that nobody can change any more. Dies if it
 * has more. */
int memory_copy(const char *path, size_t bytes);
/* The same of an open file, from its start. */
int memory_copy_fd(int source, const char *name, size_t bytes);

#endif
