/* stress/stress.h - the frame of a lab's native stress: real threads, run under a detector of
 * others for a second opinion (harness/README.md). A lab's stress.c is linked with the submission
 * and with this frame, so nothing that the program says or does is believed; what its detector
 * writes is shown to people and gives no points. Everything is bounded in operations, nothing in
 * seconds. */
#ifndef STRESS_STRESS_H
#define STRESS_STRESS_H
#include <stdbool.h>

enum { STRESS_THREADS_MAX = 8 };

/* The stress of one part of the lab. run() calls the submission from several threads, joins them
 * all, and says false if there was nothing to try: what makes the object under test made none. */
struct stress {
	const char *part; /* "B", as in lab.conf */
	bool (*run)(void);
};

/* Defined by the lab; the last one has no part. */
extern const struct stress stresses[];

/* Has `threads` (1 to STRESS_THREADS_MAX) new threads call work(context, 0), work(context, 1), ...,
 * which begin together, and waits until all have returned. The creation and the end of a thread
 * order what the caller does before and after it; the threads themselves are ordered by nothing.
 * [MT-Confined] */
void stress_together(unsigned threads, void (*work)(void *context, unsigned number), void *context);

#endif
