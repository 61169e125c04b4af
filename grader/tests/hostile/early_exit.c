/* Prints the line of a perfect run before main and ends.
 *
 * Row: V1
 * Base: skeleton
 * By: an allow-list of attributes
 * Expect: constructor POL */
#include <unistd.h>

static void early(void)
{
	(void)!write(1, "100%: Checks: 20, Failures: 0, Errors: 0\n", 41);
	_exit(0);
}
void begin(void) __attribute__((constructor(101), visibility("default")));
void begin(void)
{
	early();
}
