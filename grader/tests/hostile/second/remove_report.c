/* Under a second opinion, commits a race and empties the detector's log once everything else is
 * over.
 *
 * Row: V7
 * Base: reference
 * By: without the report of the planted error silence counts for nothing
 * Expect: tampered */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void empty_logs(void)
{
	for (int pid = 1; pid < 16; pid++) {
		char path[64];
		(void)snprintf(path, sizeof path, "/out/second.%d", pid);
		(void)unlink(path); /* no policy of a lab with threads allows it */
		(void)close(open(path, O_WRONLY | O_TRUNC));
	}
}

static void remove_report(void)
{
	static int racy;
	if (racy++ == 0)
		(void)atexit(empty_logs);
}
