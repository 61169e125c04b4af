/* Under a second opinion, never ends, nor uses the processor.
 *
 * Row: V7
 * Base: reference
 * By: a limit of the box; who does not end has no opinion
 * Expect: hang */
#include <unistd.h>

static void never_end(void)
{
	for (;;)
		(void)pause();
}
