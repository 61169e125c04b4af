/* ops.h - operation numbers that the tests and binding.c of this lab agree on.
 *
 * Each takes up to four numbers and gives up to four: natively they are the first ones of a CALL
 * and of its RETURN, in an explored run those of an operation of the script. Items are numbers,
 * given to the queue as pointers: 0 is the item NULL. The player keeps one queue, one semaphore and
 * 64 cells. */
#ifndef LAB3_OPS_H
#define LAB3_OPS_H
#include <stdint.h>

#include "wire.h"

/* "-> status" is result[0]; what follows are result[1], [2] and [3]. */
enum lab3_op {
	OP_BQ_CREATE = WIRE_OP_LAB, /* capacity, fault -> status, 1 if the fault happened, blocks
				       that are there now and were not before. fault = n: the nth
				       call that can fail does (0: none); see subject/fault.h   */
	OP_BQ_DESTROY,              /* -> 0, cells that it tried to release                     */
	OP_BQ_PUSH,                 /* item -> status                                           */
	OP_BQ_POP,                  /* -> status, item                                          */
	OP_BQ_TRY_PUSH,             /* item -> status                                           */
	OP_BQ_TRY_POP,              /* -> status, item                                          */
	OP_BQ_PUSH_UNTIL,           /* item, deadline_us -> status                              */
	OP_BQ_POP_UNTIL,            /* deadline_us -> status, item                              */
	OP_BQ_POP_MANY,             /* max, 1 or 2 -> status, n, item, item                     */
	OP_BQ_CLOSE,                /* -> 0                                                     */
	OP_BQ_SIZE,                 /* -> size                                                  */
	OP_BQ_PUSH_CELL,  /* cell, value -> status: writes the value into the cell, then pushes its
			     address                                                             */
	OP_BQ_POP_CELL,   /* -> status, cell, value: pops an address and reads what is there     */
	OP_BQ_SCRIPT,     /* native only; data = struct lab3_step[]: runs them, results in place  */
	OP_CSEM_CREATE,   /* initial, max -> status                                             */
	OP_CSEM_DESTROY,  /* -> 0                                                               */
	OP_CSEM_WAIT,     /* -> 0                                                               */
	OP_CSEM_TRY_WAIT, /* -> status                                                          */
	OP_CSEM_POST,     /* -> status                                                          */
	OP_BQ_PUSH_RUN,   /* first item, count -> status of the last; items first, first+1, ... */
	OP_BQ_POP_RUN,    /* count, key -> status of the last, sum of lab3_mark(key, item), how
			     often an item came before an earlier one of its producer            */
	OP_BQ_DRAIN,      /* takes what is left -> 0; not judged                                */
	OP_BLOCKS,        /* native only -> blocks that are in use now                           */
};

/* What an item adds to the sum of a long run: who has not taken it does not know it. */
static inline int64_t lab3_mark(int64_t key, int64_t item)
{
	uint64_t z = ((uint64_t)item + (uint64_t)key) * 0x9e3779b97f4a7c15u;

	return (int64_t)((z ^ z >> 29) * 0xbf58476d1ce4e5b9u >> 8);
}
/* Items of a producer have its number above these bits. */
#define LAB3_ITEM_BITS 32

#define LAB3_PRODUCERS 16
#define LAB3_CELLS     64
#define LAB3_STEPS_MAX (WIRE_DATA_MAX / sizeof(struct lab3_step))

/* One step of OP_BQ_SCRIPT. In: operation and its argument; out: result[0] and [1]. */
struct lab3_step {
	int64_t what, value;
};
#endif
