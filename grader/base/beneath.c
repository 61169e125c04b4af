/* The kernel refuses what a check of names could miss, whatever happens to the folder meanwhile. */
#include "base/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

int beneath_open(int folder, const char *path, int flags, mode_t mode, bool same_device)
{
	struct open_how how = {
		.flags = (unsigned)flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		.mode = mode,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
			   (same_device ? RESOLVE_NO_XDEV : 0),
	};
	long fd = syscall(SYS_openat2, folder, *path != '\0' ? path : ".", &how, sizeof how);
	return fd < 0 ? -errno : (int)fd;
}
