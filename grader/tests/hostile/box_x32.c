/* Calls by x32 numbers.
 *
 * Row: R18
 * Base: box lab1
 * By: foreign architectures kill
 * Expect: signal 31 */
#include "attack.h"

#include <unistd.h>

int main(void)
{
	if (syscall(0x40000000l + 39) > 0)
		harm("an x32 call");
	return done("no x32 calls here");
}
