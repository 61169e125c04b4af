/* The same in the section that is walked even earlier, named in assembly.
 *
 * Row: V1
 * Base: skeleton
 * By: no assembly in this lab; sections of constructors are refused in objects
 * Expect: policy POL */
#include <unistd.h>

void before_all(void);
void before_all(void)
{
	_exit(0);
}
__asm__(".section .preinit_array,\"aw\"\n.quad before_all\n.text");
