/* Takes and touches half a gibibyte.
 *
 * Row: R2
 * Base: box lab1 --memory=32
 * By: memory limit of the cgroup, no swap
 * Expect: status mem_limit */
#include "attack.h"

int main(void)
{
	size_t mib = 0;
	for (; mib < 512; mib++) {
		char *block = malloc(1 << 20);
		if (block == NULL)
			break;
		memset(block, 1, 1 << 20);
	}
	if (mib == 512)
		harm("512 MiB of memory");
	return done("memory is refused");
}
