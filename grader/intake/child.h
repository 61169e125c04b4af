/* intake/child.h - work that needs boxes, side by side: a child process for each piece, and its
 * result as JSON through a pipe. Boxes belong into single-threaded processes. [MT-Confined] */
#ifndef GRADER_CHILD_H
#define GRADER_CHILD_H
#include <jansson.h>
#include <sys/types.h>

struct child {
	pid_t pid;
	int fd;
};

/* Starts work(context) in a child; what it returns is sent. */
struct child child_start(json_t *(*work)(const void *context), const void *context);

/* Waits for its result, which is returned. Ends this program with the child's status if that is not
 * 0: the child has said why. */
json_t *child_finish(struct child *child);

/* The same for work that nothing depends on: NULL if the child failed. */
json_t *child_result(struct child *child);

#endif
