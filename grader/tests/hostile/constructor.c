/* Prints a perfect result and leaves before main begins.
 *
 * Row: V1
 * Base: skeleton
 * By: sections of constructors are refused before anything runs
 * Expect: constructor POL */
#include <stdio.h>
#include <unistd.h>

__attribute__((constructor)) static void before_main(void)
{
	puts("100%: Checks: 29, Failures: 0, Errors: 0");
	fflush(stdout);
	_exit(0);
}
