/* planted.h - errors on purpose between the executions of an exploration: each must be told of, or
 * the runtime's silence about the submission proves nothing.
 *
 * What is planted, and with which schedule, follows from the test's seed, so that what the
 * submission does beside it is the same every time. When it is planted and its values come from the
 * kernel: nobody can write the answer beforehand. See harness/README.md, "Planted errors".
 * [MT-Confined] */
#ifndef PLANTED_H
#define PLANTED_H
#include "exploration.h"

struct planted {
	const struct exploration *x;
	uint64_t seed;
	unsigned number;       /* of those played so far                                       */
	uint64_t played, next; /* executions so far; the next error comes after so many        */
	bool masked;           /* beside one the submission itself was found wrong: ...        */
	struct verdict wrong;  /* ... so                                                       */
	struct execution first;
};

/* seed: of this configuration of this test. *p is large: not for the stack. */
void planted_begin(struct planted *p, const struct exploration *x, uint64_t seed);
/* `count` more executions were played: true if an error is due. */
bool planted_is_due(struct planted *p, unsigned count);
/* Plants one in slot `slot`, while the explorer is at rest. Ends the test if it is not told of.
 * False: the subject is gone and must be restarted. */
bool planted_play(struct planted *p, struct explorer *e, unsigned slot);
/* The exploration is over, and nothing was wrong: plants what is still owed. */
void planted_end(struct planted *p, struct explorer *e);
/* One error beside a test's own executions, none of which was wrong. What the submission does wrong
 * beside it does not count: the test asks something else. */
void planted_alone(struct explorer *e, const struct exploration *x, uint64_t seed);
#endif
