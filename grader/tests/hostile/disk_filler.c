/* Fills every folder it can write to, with one huge file and with many small ones.
 *
 * Row: R4
 * Base: skeleton, net
 * By: tmpfs sizes, inode caps, RLIMIT_FSIZE
 * Expect: fail */
#include "1-fork-server/fork_server.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static void fill(const char *folder)
{
	static char block[1 << 20];
	char path[128];

	for (int file = 0; file < 100000; file++) {
		(void)snprintf(path, sizeof path, "%s/fill.%d.%d", folder, (int)getpid(), file);
		int fd = open(path, O_WRONLY | O_CREAT, 0600);
		if (fd < 0)
			return;
		while (file < 1000 && write(fd, block, sizeof block) > 0)
			continue;
		(void)close(fd);
	}
}

static void attack(const struct cl_server_config *cfg)
{
	static const char *const folders[] = { "/tmp", "/out", "/dev/shm", "/var/tmp", "." };

	(void)cfg;
	(void)signal(SIGXFSZ, SIG_IGN);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		fill(folders[i]);
}
