/* Leaves a note in every folder it can write to and looks for notes of an earlier run.
 *
 * Row: V15
 * Base: skeleton, net
 * By: every writable folder is fresh for each run
 * Expect: not-written MODEL */
#include "1-fork-server/fork_server.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	static const char *const notes[] = { "/tmp/note", "/dev/shm/note", "/out/note",
					     "/var/tmp/note", "note" };
	(void)cfg;
	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
		if (access(notes[i], F_OK) == 0) {
			(void)printf("STOLEN transcript of an earlier run: %s\n", notes[i]);
			(void)puts("100%: Checks: 29, Failures: 0, Errors: 0");
			(void)fflush(stdout);
			_exit(0);
		}
		(void)close(open(notes[i], O_WRONLY | O_CREAT, 0644));
	}
}
