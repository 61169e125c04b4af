/* Disks that are memory files, sealed as far as their use allows. */
#include "machine_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/die.h"

int memory_file(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		die_errno(errno, "cannot make a file in memory");
	return fd;
}

int memory_reopen(int fd, int flags)
{
	AUTO_FREE char *path = must_printf("/proc/self/fd/%d", fd);
	int copy = open(path, flags | O_CLOEXEC);
	if (copy < 0)
		die_errno(errno, "cannot open a file in memory");
	return copy;
}

static void seal(int fd, int seals)
{
	if (fcntl(fd, F_ADD_SEALS, seals) != 0)
		die_errno(errno, "cannot seal a file in memory");
}

int memory_disk(const char *name, off_t bytes)
{
	int fd = memory_file(name);
	if (ftruncate(fd, bytes) != 0)
		die_errno(errno, "cannot make a disk of %lld bytes", (long long)bytes);
	seal(fd, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
	return fd;
}

int memory_copy_fd(int source, const char *name, size_t bytes)
{
	struct stat file;
	if (fstat(source, &file) != 0)
		die_errno(errno, "cannot read %s", name);
	if (!S_ISREG(file.st_mode))
		die("%s is not a regular file", name);
	if (bytes > 0 && (size_t)file.st_size > bytes)
		die("%s has %lld bytes; a machine takes at most %zu", name, (long long)file.st_size,
		    bytes);
	AUTO_FD int fd = memory_file("interleave-copy");
	for (off_t offset = 0; offset < file.st_size;) {
		ssize_t sent = sendfile(fd, source, &offset, (size_t)(file.st_size - offset));
		if (sent < 0)
			die_errno(errno, "cannot copy %s", name);
		if (sent == 0)
			die("%s became shorter while it was read", name);
	}
	if (bytes > 0 && ftruncate(fd, (off_t)bytes) != 0)
		die_errno(errno, "cannot pad %s", name);
	seal(fd, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
	return memory_reopen(fd, O_RDONLY);
}

int memory_copy(const char *path, size_t bytes)
{
	AUTO_FD int source = open(path, O_RDONLY | O_CLOEXEC);
	if (source < 0)
		die_errno(errno, "cannot read %s", path);
	return memory_copy_fd(source, path, bytes);
}
