/* Puts links, FIFOs and a huge sparse file where the sanitizer's report is read.
 *
 * Row: R27
 * Base: skeleton, net
 * By: logs are opened beneath a folder, no link, regular, capped, non-blocking
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void attack(const struct cl_server_config *cfg)
{
	char path[64];

	(void)cfg;
	for (int pid = 1; pid < 200; pid++) {
		(void)snprintf(path, sizeof path, "/out/sanitizer.%d", pid);
		if (pid % 3 == 0) {
			(void)symlink("/etc/shadow", path);
		} else if (pid % 3 == 1) {
			(void)mkfifo(path, 0666);
		} else {
			int fd = open(path, O_WRONLY | O_CREAT, 0666);
			(void)ftruncate(fd, 15l << 20);
			(void)close(fd);
		}
		(void)link("/etc/shadow", path);
	}
}
