/* The clock that the submission sees: real until the examiner sets it, then exactly what was set.
 * The program is linked with --wrap for both names, so no submission needs a line for it. */
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

#include "subject/binding.h"

int __real_clock_gettime(clockid_t clock, struct timespec *now);
uint64_t __real_cl_now_us(void);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
uint64_t __wrap_cl_now_us(void);

/* 0: real time. Written before an answer is given to the thread that then looks at the clock. */
static _Atomic uint64_t virtual_us;

void virtual_set(uint64_t now_us)
{
	atomic_store(&virtual_us, now_us);
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
	uint64_t us = atomic_load(&virtual_us);

	if (us == 0 || clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID)
		return __real_clock_gettime(clock, now);
	*now = (struct timespec){ .tv_sec = (time_t)(us / 1000000u),
				  .tv_nsec = (long)(us % 1000000u) * 1000 };
	return 0;
}

uint64_t __wrap_cl_now_us(void)
{
	uint64_t us = atomic_load(&virtual_us);

	return us ? us : __real_cl_now_us();
}
