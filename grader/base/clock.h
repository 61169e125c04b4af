/* base/clock.h - time that only goes forward. Source: clock_gettime(2), CLOCK_MONOTONIC. [MT-Safe]
 */
#ifndef GRADER_CLOCK_H
#define GRADER_CLOCK_H
#include <stdint.h>

uint64_t clock_us(void);
long long clock_ms(void);

#endif
