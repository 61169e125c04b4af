/* base/beneath.h - opens what lies below a folder that somebody else has filled. Source:
 * openat2(2). [MT-Safe] */
#ifndef GRADER_BENEATH_H
#define GRADER_BENEATH_H
#include <stdbool.h>
#include <sys/types.h>

/* Opens `path` below the folder ("": the folder itself), following no link and leaving it nowhere;
 * a FIFO or a terminal does not hold us. `flags` and `mode` as for open. `same_device`: also no
 * mount below it is entered. Returned descriptor, or a negative errno. */
int beneath_open(int folder, const char *path, int flags, mode_t mode, bool same_device);

#endif
