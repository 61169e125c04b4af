/* Time that only goes forward. */
#include "base/clock.h"

#include <time.h>

uint64_t clock_us(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail with this clock */
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

long long clock_ms(void)
{
	return (long long)(clock_us() / 1000);
}
