/* The same without the attribute: a pointer in the section that the loader walks.
 *
 * Row: V1
 * Base: skeleton
 * By: no sections of its own; those of constructors are refused in objects
 * Expect: policy POL */
#include <unistd.h>

static void before_main(void)
{
	_exit(0);
}
__attribute__((section(".init_array"), used)) static void (*const entry)(void) = before_main;
