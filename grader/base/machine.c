/* The loop does what compilers and interpreters do: it follows pointers, calls functions that it
 * finds in a table, and branches on what it reads. Those are what an emulated processor is slowest
 * at; plain arithmetic would say five where a compiler needs fifteen. The smallest of several
 * tries is taken: load and interrupts only ever add. */
#include "base/machine.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "base/die.h"

enum {
	CELLS = 4096,
	STEPS = 20000,
	TRIES = 7,
	/* Of the loop on common hardware (a 2.x GHz server of the 2020s). */
	COMMON_US = 80,
	/* Beyond this loop: compilers and system calls are slower still (ten times against
	 * fifteen under QEMU's software CPU), and a guest counts as CPU time what its host took
	 * from it. */
	MARGIN = 2,
};

typedef uint32_t step_fn(uint32_t value, uint32_t cell);

static __attribute__((noinline)) uint32_t step_add(uint32_t value, uint32_t cell)
{
	return value + cell;
}

static __attribute__((noinline)) uint32_t step_mix(uint32_t value, uint32_t cell)
{
	return (value ^ cell) * 2654435761u;
}

static __attribute__((noinline)) uint32_t step_turn(uint32_t value, uint32_t cell)
{
	return value & 1 ? (value >> 1) ^ cell : (value << 3) - cell;
}

static __attribute__((noinline)) uint32_t step_keep(uint32_t value, uint32_t cell)
{
	return cell > value ? cell - value : value - cell;
}

/* CPU time of one run. What it computed goes to *sum, so that no compiler leaves it out. */
static long try(const uint32_t *cells, uint32_t *sum)
{
	static step_fn *const steps[] = { step_add, step_mix, step_turn, step_keep };
	struct timespec begin, end;
	uint32_t value = *sum;
	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin) != 0)
		return 0;
	for (unsigned i = 0; i < STEPS; i++) {
		const uint32_t cell = cells[value % CELLS];
		value = steps[cell & 3](value, cell);
	}
	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end) != 0)
		return 0;
	*sum = value;
	return (end.tv_sec - begin.tv_sec) * 1000000 + (end.tv_nsec - begin.tv_nsec) / 1000;
}

static unsigned measure(void)
{
	static uint32_t cells[CELLS];
	uint32_t sum = 1;
	long best_us = 0;
	for (unsigned i = 0; i < CELLS; i++)
		cells[i] = (i * 2246822519u) ^ (i >> 3);
	for (unsigned i = 0; i < TRIES; i++) {
		const long us = try(cells, &sum);
		best_us = i == 0 || us < best_us ? us : best_us;
		/* More tries could only say the same: a command that lasts 4 ms need not pay them.
		 */
		if (best_us < 2L * COMMON_US)
			break;
	}
	const long times = best_us / COMMON_US;
	const long factor = times * MARGIN;
	return times < 2 ? 1 : factor > MACHINE_FACTOR_MAX ? MACHINE_FACTOR_MAX : (unsigned)factor;
}

static unsigned given(const char *text)
{
	char *end = NULL;
	errno = 0;
	const long factor = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || factor < 1 || factor > MACHINE_FACTOR_MAX)
		die("INTERLEAVE_MACHINE_FACTOR is a whole number from 1 to %d, not '%s'",
		    MACHINE_FACTOR_MAX, text);
	return (unsigned)factor;
}

unsigned machine_factor(void)
{
	static unsigned factor; /* one machine a process */
	if (factor == 0) {
		const char *text = getenv("INTERLEAVE_MACHINE_FACTOR");
		factor = text != NULL ? given(text) : measure();
	}
	return factor;
}
