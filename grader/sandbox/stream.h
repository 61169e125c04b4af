/* sandbox/stream.h - what a box prints: the first bytes are kept, the rest is counted.
 * [MT-Confined] */
#ifndef GRADER_STREAM_H
#define GRADER_STREAM_H
#include <stdbool.h>
#include <stddef.h>

struct stream {
	char *text;   /* what was kept, ended by NUL; its own NULs may come before          */
	size_t size;  /* there is room for so many bytes, and the NUL                       */
	size_t limit; /* kept at most                                                       */
	size_t kept, seen;
	bool closed; /* everybody who could write has gone                                 */
};

/* An empty stream; given to the caller, who releases text. */
void stream_init(struct stream *stream, size_t limit);
/* Forgets what was read. */
void stream_clear(struct stream *stream);
/* Reads once. False at the end, which is also noted in closed. */
bool stream_drain(struct stream *stream, int fd);
/* Reads all that is there, without waiting. */
void stream_drain_rest(struct stream *stream, int fd);

#endif
