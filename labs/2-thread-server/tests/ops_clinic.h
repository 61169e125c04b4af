/* ops_clinic.h - operations of part A, and the few values that both sides must agree on. */
#ifndef LAB2_OPS_CLINIC_H
#define LAB2_OPS_CLINIC_H
#include "ops.h"

#define CLINIC_TEXT        24    /* bytes of a text that come back, in result[1..3]          */
#define CLINIC_INIT_RESULT 42917 /* of the init function                                    */
#define CLINIC_PATTERN     0x55  /* what stands in a buffer before the call                 */

/* "-> text" is result[0] = whether there is one, and its bytes in result[1..3], zeros behind. */
enum clinic_op {
	OP_CLINIC_SQUARE = OP_CLINIC, /* x -> square                                          */
	OP_CLINIC_ADD,                /* x -> 0, to the one sum that all share                */
	OP_CLINIC_NEXT_ID,            /* -> id                                                */
	OP_CLINIC_MONTH,              /* m -> text                                            */
	OP_CLINIC_ERRTEXT,            /* err -> text, read after others could run             */
	OP_CLINIC_INIT_ONCE,          /* -> result, whether init has ended, how often it began */
	OP_CLINIC_SUM_PARALLEL,       /* n, threads, seed -> sum                              */
	OP_CLINIC_GREETING,           /* cap -> status + enum clinic_greeting, text           */
	OP_CLINIC_TRANSFER,           /* from, to, amount -> status                           */
	OP_CLINIC_TOTAL,              /* -> total                                             */
	OP_CLINIC_FUNCTIONS,          /* one more than the last of them                       */
	OP_CLINIC_SUM = OP_CLINIC_FUNCTIONS, /* -> the sum that all share                     */
	OP_CLINIC_INSIDE = OP_CLINIC + 20,   /* + k: function k of the header between two yields */
};
static_assert(OP_CLINIC_INSIDE + OP_CLINIC_FUNCTIONS - OP_CLINIC <= OP_POOL, "fifty numbers");

enum clinic_greeting {
	CLINIC_NO_END = 1 << 16, /* no NUL within cap bytes                                   */
};

/* Value number i of those to be summed. Source: the finaliser of splitmix64 (Steele et al. 2014).
 */
static inline int clinic_value(uint64_t seed, uint64_t i)
{
	uint64_t x = seed + (i + 1) * 0x9e3779b97f4a7c15u;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return (int)(int32_t)(x >> 32);
}
#endif
