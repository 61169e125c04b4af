/* base/machine.h - how slow this machine is. A processor that is emulated needs ten to twenty times
 * as long, and limits that exist only to end hangs must not end honest work there: each of them is
 * multiplied by this factor. No verdict depends on it. [MT-Confined] */
#ifndef GRADER_MACHINE_H
#define GRADER_MACHINE_H

enum { MACHINE_FACTOR_MAX = 1000 };

/* From 1 on, a whole number: the CPU time that a fixed loop takes here, as a multiple of what it
 * takes on common hardware, doubled. Less than twice counts as 1, so that noise moves nothing.
 * Measured at the first call, in less than a millisecond of common hardware: call it before there
 * are children, so that they have it, too. INTERLEAVE_MACHINE_FACTOR, for maintainers, stands in
 * for the measurement; dies if that is no number from 1 to MACHINE_FACTOR_MAX. */
unsigned machine_factor(void);

#endif
