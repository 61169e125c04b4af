/* fifo.h - forbidden patterns of a FIFO queue, for runs too long to be searched: 10^5 items and
 * more.
 *
 * Every item is put once and has a value of its own. A history in which one of these patterns
 * occurs has no legal order; one without them has, as long as nobody was told "full" or "empty",
 * which is not looked at here (linearize.h does). Source: Henzinger, Sezgin, Vafeiadis (2013);
 * Bouajjani et al. (2015); found here in O(n log n) by sorting. [MT-Safe] */
#ifndef FIFO_H
#define FIFO_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FIFO_PRODUCERS \
	16 /* threads told apart by FIFO_PRODUCER_ORDER: 0..15                      */

/* One successful put or get: which item, by which thread, from when to when (stamps of one order,
 * call < back). */
struct fifo_call {
	int64_t value;
	uint64_t call, back;
	uint32_t thread;
};

enum fifo_pattern {
	FIFO_NONE,
	FIFO_NEVER_PUT,      /* got but never put                      second: the get            */
	FIFO_GOT_TWICE,      /* the same item twice                    first, second: the gets    */
	FIFO_GOT_BEFORE_PUT, /* the get ended before the put began     first: put, second: get    */
	FIFO_PRODUCER_ORDER, /* one producer's items changed places    first, second: the puts    */
	FIFO_ORDER,          /* items of two producers did             first, second: the puts    */
	FIFO_LOST,           /* put, never got, and the run was drained  first: the put           */
	FIFO_PUT_TWICE,      /* our own fault: values are not distinct first, second: the puts    */
	FIFO_NO_MEMORY,      /* our own fault                                                     */
};

struct fifo_fault {
	enum fifo_pattern pattern;
	size_t first, second; /* indices into puts or gets, as said above                         */
};

/* The first of the patterns above that occurs. drained: the queue was empty in the end, so every
 * item put must have been got. */
struct fifo_fault fifo_judge(const struct fifo_call *puts, size_t put_count,
			     const struct fifo_call *gots, size_t got_count, bool drained);
#endif
