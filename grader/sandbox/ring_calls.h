/* sandbox/ring_calls.h - what a brokered ring may do. One source for the two layers: the ring's own
 * restrictions (ring.c) and the filter of io_uring_register (policy_build.c). */
#ifndef GRADER_RING_CALLS_H
#define GRADER_RING_CALLS_H
#include <linux/io_uring.h>
#include <stddef.h>
#include <stdint.h>

/* Not in the headers of older distributions; the numbers are the kernel's. */
#ifndef IORING_SETUP_SINGLE_ISSUER
#define IORING_SETUP_SINGLE_ISSUER (1U << 12)
#endif
#ifndef IORING_SETUP_DEFER_TASKRUN
#define IORING_SETUP_DEFER_TASKRUN (1U << 13)
#endif

enum { RING_OPERATIONS = 23, RING_REGISTRATIONS = 13 };

extern const uint8_t ring_operations[RING_OPERATIONS];
extern const uint8_t ring_registrations[RING_REGISTRATIONS];
extern const uint8_t ring_entry_flags; /* IOSQE_*        */
extern const uint32_t ring_flags;      /* IORING_SETUP_* */

#endif
