/* common/plant.h - planted errors: proof, in the very process, that a detector is alive and can
 * speak.
 *
 * "No error was reported" is worth something only then. So the last thing that a program under test
 * does in a build with a detector is an error on purpose, in our code, with a kind and values that
 * the grader draws at that moment. The detector's report must show exactly these. GIVEN.
 * See harness/README.md, "Planted errors". */
#ifndef CLAB_PLANT_H
#define CLAB_PLANT_H
#include <stdint.h>

#define CL_PLANT_MAGIC 0x31504c43u /* "CLP1" */
#define CL_PLANT_READY 'r'         /* what the process says before it is told anything */

/* The closed list. Each is one access of one byte. */
enum plant_kind {
	PLANT_HEAP_READ = 1, /* reads a block of `bytes`, `offset` bytes behind its end   */
	PLANT_HEAP_WRITE,    /* the same, written                                         */
	PLANT_FREED_READ,    /* reads a released block of `bytes` at `offset` within it   */
};

/* One packet, from the examiner to the process. */
struct plant_order {
	uint32_t magic, kind;
	uint64_t bytes, offset;
	int32_t left, right; /* are added before, which overflows: for the detector of that */
};

/* To be called first in main: has the detectors set up what they would set up at their first
 * report, where to report among it; else that would undo what a submission has done about it
 * meanwhile. */
void plant_prepare(void);

/* Serves one order on a SOCK_SEQPACKET socket: blocks all signals for good, says CL_PLANT_READY,
 * waits for the order and commits the error. Returns if the detector let it pass, if the order is
 * none of the list, or if the peer closed without one; the caller then ends the process. The socket
 * is borrowed. */
void plant_serve(int socket);
#endif
