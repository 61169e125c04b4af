/* spec_semaphore.h - what a counting semaphore with a maximum may answer, as a sequential object.
 */
#ifndef SPEC_SEMAPHORE_H
#define SPEC_SEMAPHORE_H
#include "linearize.h"

struct semaphore_parameters {
	uint32_t initial, max; /* initial <= max, max >= 1 */
};

enum semaphore_op {
	SEMAPHORE_WAIT,     /* result[0] is not looked at; waits                                  */
	SEMAPHORE_TRY_WAIT, /* 0, EAGAIN at 0                                                     */
	SEMAPHORE_POST,     /* 0, EOVERFLOW at max                                                */
};

extern const struct specification spec_semaphore;
#endif
