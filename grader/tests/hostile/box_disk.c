/* Fills every folder it finds writable, with bytes and with empty files.
 *
 * Row: R4
 * Base: box lab1 --out --tmp --disk=8
 * By: tmpfs sizes and inodes, RLIMIT_FSIZE
 * Expect: contained */
#include "attack.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static long fill(const char *folder)
{
	static char block[1 << 20];
	char path[128];
	long mib = 0;
	for (int file = 0; file < 20000; file++) {
		(void)snprintf(path, sizeof path, "%s/fill.%d", folder, file);
		int fd = open(path, O_WRONLY | O_CREAT, 0600);
		if (fd < 0)
			return mib * 100000 + file;
		for (int i = 0; file < 8 && i < 20 && write(fd, block, sizeof block) > 0; i++)
			mib++;
		(void)close(fd);
	}
	return mib * 100000 + 20000;
}

int main(void)
{
	static const char *const folders[] = { "/tmp", "/out",  "/var/tmp", "/dev/shm",
					       "/run", "/home", "." };
	(void)signal(SIGXFSZ, SIG_IGN);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		long got = fill(folders[i]);
		if (got / 100000 > 64 || got % 100000 > 1100)
			harm("%ld MiB and %ld files in %s", got / 100000, got % 100000, folders[i]);
	}
	return done("ENOSPC soon");
}
