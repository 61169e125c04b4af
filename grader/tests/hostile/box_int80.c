/* Calls the kernel by the 32-bit door, past a filter that looks at 64-bit numbers.
 *
 * Row: R18
 * Base: box lab1
 * By: foreign architectures kill
 * Expect: signal 31 */
#include "attack.h"

int main(void)
{
	long result;
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory"); /* getpid */
	if (result > 0)
		harm("a 32-bit call");
	return done("no 32-bit calls here");
}
