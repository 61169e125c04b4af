/* linearize.h - is there one order of these operations that explains what they returned?
 *
 * A history is linearizable if each operation can be given one instant between its call and its
 * return so that, executed one after another at these instants, the specification gives exactly the
 * results seen. An operation that has not returned may have taken effect or not. Beside the results
 * the history says who was asleep at which moments: a thread may sleep only where the
 * specification, in that same order, could not go on either.
 *
 * Source: search by Wing and Gong (1993), visited states remembered as by Lowe (2017). The problem
 * is NP-complete; a search that visits more than its budget of states ends without an answer, which
 * is never "not linearizable". [MT-Confined] */
#ifndef LINEARIZE_H
#define LINEARIZE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINEARIZE_OPS     448 /* of a history                                                    */
#define LINEARIZE_MOMENTS 16
#define LINEARIZE_BUDGET  300000 /* states visited                                               */
#define LINEARIZE_STATE   1024   /* bytes of a specification's state                             */

/* One call of an operation. The numbers mean what the specification says. */
struct operation {
	uint32_t call; /* stamps of one total order, call >= 1                                    */
	uint32_t back; /* of the return; 0: has not returned                                      */
	uint16_t op;
	uint8_t thread; /* for who shows the history; the search does not look at it              */
	int64_t arg[4], result[4];
};

/* A moment at which these operations were under way and asleep: none of them has taken effect, and
 * none could. Its stamp stands alone: no call and no return has the same. */
struct asleep {
	uint32_t stamp;
	uint64_t operations[LINEARIZE_OPS / 64]; /* bit i: operation i                           */
};

struct history {
	const struct operation *op;
	size_t count; /* 0..LINEARIZE_OPS */
	const struct asleep *moment;
	size_t moments; /* 0..LINEARIZE_MOMENTS */
};

/* A sequential object. A state is a block of bytes in which what is not used is zero: equal states
 * have equal bytes. All functions get what the object was made with, as in queue_parameters. */
struct specification {
	const char *name;
	/* Bytes that start() and all others use, <= LINEARIZE_STATE. */
	size_t (*state_bytes)(const void *parameters);
	/* Writes the first state into zeroed bytes. */
	void (*start)(const void *parameters, void *state);
	/* The operation, with the results it has: false if that cannot be, state unchanged. */
	bool (*apply)(const void *parameters, void *state, const struct operation *op);
	/* The operation with any result, 0 its first, 1 its second ... possible effect: false if
	 * there is no such effect, state unchanged. */
	bool (*effect)(const void *parameters, void *state, const struct operation *op,
		       unsigned alternative);
	/* True if the operation has to wait in this state. */
	bool (*sleeps)(const void *parameters, const void *state, const struct operation *op);
};

enum linearize_verdict { LINEARIZABLE, NOT_LINEARIZABLE, LINEARIZE_RAN_OUT };

struct linearizer;

/* parameters are borrowed for the linearizer's life. NULL: no memory. */
struct linearizer *linearizer_create(const struct specification *spec, const void *parameters);
void linearizer_destroy(struct linearizer *l);

/* Judges a history, whose form the caller has checked: counts, 1 <= call < back, moments in order.
 * The memory is used again for the next one. Histories found linearizable are remembered by a hash
 * of 64 bits, keyed by linearizer_key(); an equal one costs nothing. */
enum linearize_verdict linearize(struct linearizer *l, const struct history *h);
/* So that no one who knows this program can prepare histories of equal hash; default 0. */
void linearizer_key(struct linearizer *l, uint64_t key);

/* Of the last history judged: the operations in the order found, or in the longest order that
 * explains a part of it; how many. Indices into history.op. None for one that was known. */
const uint16_t *linearizer_order(const struct linearizer *l, size_t *count);
/* States visited for it; histories that were known already, in all. */
uint64_t linearizer_states(const struct linearizer *l);
uint64_t linearizer_known(const struct linearizer *l);
#endif
