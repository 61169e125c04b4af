/* spec_queue.h - what a bounded FIFO queue with close may answer: the contract of labs/3-work-queue
 * as a sequential object. */
#ifndef SPEC_QUEUE_H
#define SPEC_QUEUE_H
#include "linearize.h"

#define QUEUE_CAPACITY_MAX 64
#define QUEUE_MANY_MAX     2 /* items of one pop_many that a history can hold */

struct queue_parameters {
	uint32_t capacity; /* 1..QUEUE_CAPACITY_MAX */
};

/* Numbers of the operations. result[0] is the status (of size: the size) unless said otherwise. */
enum queue_op {
	QUEUE_PUSH,       /* arg = item: 0, EPIPE; waits                                          */
	QUEUE_TRY_PUSH,   /* arg = item: 0, EAGAIN, EPIPE                                         */
	QUEUE_PUSH_UNTIL, /* arg = item: 0, EPIPE, ETIMEDOUT; waits                               */
	QUEUE_POP,        /* 0, EPIPE; result[1] = item; waits                                    */
	QUEUE_TRY_POP,    /* 0, EAGAIN, EPIPE; result[1] = item                                   */
	QUEUE_POP_UNTIL,  /* 0, EPIPE, ETIMEDOUT; result[1] = item; waits                         */
	QUEUE_POP_MANY,   /* arg = max: 0, EPIPE; result[1] = n, then the items; waits            */
	QUEUE_CLOSE,      /* result[0] is not looked at                                           */
	QUEUE_SIZE,
};

/* Whether a deadline had passed is not this object's to know: ETIMEDOUT is right here if the
 * operation could not have been done at that instant, and the queue was open. */
extern const struct specification spec_queue;
#endif
