/* Gigabytes on both streams, from several processes.
 *
 * Row: R24
 * Base: box lab1
 * By: output is drained to a limit, then the box ends
 * Expect: status output_limit */
#include "attack.h"

#include <unistd.h>

int main(void)
{
	static char block[1 << 16];
	memset(block, 'x', sizeof block);
	(void)fork();
	for (int i = 0; i < 2000; i++)
		if (write(1, block, sizeof block) < 0 || write(2, block, sizeof block) < 0)
			break;
	return 1;
}
