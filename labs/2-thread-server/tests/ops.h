/* ops.h - operation numbers that the tests and the bindings of this lab agree on. Each takes up to
 * four numbers and gives up to four: natively they are the first ones of a CALL and of its RETURN,
 * in an explored run those of an operation of the script. */
#ifndef LAB2_OPS_H
#define LAB2_OPS_H
#include "wire.h"

/* "-> status" is result[0]; what follows are result[1], [2] and [3]. */
enum lab2_op {
	OP_CLINIC = WIRE_OP_LAB,               /* part A begins here: ops_clinic.h */
	OP_POOL = WIRE_OP_LAB + 50,            /* parts C and E: ops_pool.h        */
	OP_POOL_IDEAL_SIZE = WIRE_OP_LAB + 90, /* cores, wt_us, ct_us, max -> size */
};
#endif
