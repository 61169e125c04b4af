/* Looks for the hidden tests, the reference and other submissions, and prints what it finds.
 *
 * Row: R12
 * Base: skeleton, net
 * By: a root of its own: nothing of the host is mounted
 * Expect: not-written MODEL */
#include "1-fork-server/fork_server.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	static const char *const paths[] = {
		"@ROOT@/solutions/1-fork-server/reference/net.c",
		"@ROOT@/hidden/answers.txt",
		"@ROOT@/submissions/other/net.c",
		"../other/net.c",
		"../../hidden/answers.txt",
		"/etc/shadow",
	};
	char text[4096];

	(void)cfg;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		int fd = open(paths[i], O_RDONLY);
		ssize_t n = fd >= 0 ? read(fd, text, sizeof text) : -1;
		if (n > 0)
			(void)printf("STOLEN %s: %.*s\n", paths[i], (int)n, text);
	}
	(void)fflush(stdout);
}
