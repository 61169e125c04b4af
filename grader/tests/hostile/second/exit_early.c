/* Under a second opinion, ends the process as if all had been well, before the detector speaks.
 *
 * Row: V7
 * Base: reference
 * By: without the report of the planted error silence counts for nothing
 * Expect: tampered */
#include <unistd.h>

static void exit_early(void)
{
	_exit(0);
}
