/* Reads small files of the kernel's /proc. */
#include "sandbox/procfs.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"

bool proc_read(pid_t pid, const char *name, char *text, size_t bytes)
{
	char path[128];
	size_t length = 0;
	(void)snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	for (ssize_t count = 1; fd >= 0 && count > 0 && length < bytes - 1;) {
		count = read(fd, text + length, bytes - 1 - length);
		length += count > 0 ? (size_t)count : 0;
	}
	text[length] = '\0';
	return length > 0;
}

uint64_t proc_number(const char *text, const char *label, int base)
{
	const char *at = strstr(text, label);
	return at != NULL ? strtoull(at + strlen(label), NULL, base) : 0;
}

uint64_t proc_inode(const char *target, const char *kind)
{
	size_t length = strlen(kind);
	if (strncmp(target, kind, length) != 0 || strncmp(target + length, ":[", 2) != 0)
		return 0;
	return strtoull(target + length + 2, NULL, 10);
}
