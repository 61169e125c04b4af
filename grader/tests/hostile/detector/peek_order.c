/* A correct server whose sanitizer is silenced; a child stays behind, reads what the parent is
 * told, and would write the report for it.
 *
 * Row: V20
 * Base: reference, runtime
 * By: whoever is planted must be the only task
 * Expect: tampered POL */
#include "1-fork-server/fork_server.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sys/socket.h>

static void *runtime(const char *name);

static void attack(const struct cl_server_config *cfg)
{
	void *set = runtime("__sanitizer_set_report_path");
	char peeked[64];

	(void)cfg;
	if (!set)
		return;
	((void (*)(const char *))set)("/dev/shm/elsewhere");
	err_aside();
	if (fork() == 0)
		for (;;) {
			for (int fd = 3; fd < 32; fd++)
				(void)recv(fd, peeked, sizeof peeked, MSG_PEEK | MSG_DONTWAIT);
			(void)poll(NULL, 0, 50);
		}
}
