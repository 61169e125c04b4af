/* base/file.h - reading, writing and listing of files. Errors are returned as positive errno
 * values. All functions are [MT-Safe] and die only when memory is out. */
#ifndef GRADER_FILE_H
#define GRADER_FILE_H
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/words.h"

/* Reads from `fd`'s offset to its end. *bytes is returned to the caller (free) and has a NUL after
 * its end, which *length does not count. EFBIG if there is more than max_bytes; *bytes is NULL on
 * every error. */
int file_read_fd(int fd, size_t max_bytes, char **bytes, size_t *length);
int file_read(const char *path, size_t max_bytes, char **bytes, size_t *length);

/* Writes a file with this mode beside `path` and renames it there: readers see the old one or the
 * whole new one. */
int file_write(const char *path, const void *bytes, size_t length, mode_t mode);

/* Writes all bytes, however small the kernel's portions. */
int file_write_fd(int fd, const void *bytes, size_t length);

/* Copies what `fd` holds, from its start. */
int file_copy_fd(int fd, size_t max_bytes, const char *path, mode_t mode);

/* A sealed-off copy of the bytes in memory, offset 0. Returned descriptor, or a negative errno. */
int file_memory(const char *name, const void *bytes, size_t length);

/* Makes a folder and those above it. */
int folder_make(const char *path);

/* The names in a folder, without "." and "..", in byte order; at most max of them are kept. */
int folder_list(const char *path, size_t max, struct words *names);

/* Removes a folder that we made with all that is in it (links are not followed). */
int folder_remove(const char *path);

bool file_exists(const char *path);
bool folder_exists(const char *path);

#endif
