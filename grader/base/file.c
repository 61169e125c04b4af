/* Files and folders: short reads, EINTR and atomic replacement live here and nowhere else. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"

int file_read_fd(int fd, size_t max_bytes, char **bytes, size_t *length)
{
	size_t room = (size_t)64 * 1024;
	size_t used = 0;
	char *buffer = must_alloc(room);
	*bytes = NULL;
	*length = 0;
	for (;;) {
		if (used + 1 == room) {
			room *= 2;
			char *larger = realloc(buffer, room);
			if (larger == NULL)
				die("out of memory (%zu bytes)", room);
			buffer = larger;
		}
		ssize_t n = read(fd, buffer + used, room - used - 1);
		if (n < 0 && errno == EINTR)
			continue;
		int error = n < 0 ? errno : used + (size_t)n > max_bytes ? EFBIG : 0;
		if (error != 0) {
			free(buffer);
			return error;
		}
		used += (size_t)n;
		if (n == 0)
			break;
	}
	buffer[used] = '\0';
	*bytes = buffer;
	*length = used;
	return 0;
}

int file_read(const char *path, size_t max_bytes, char **bytes, size_t *length)
{
	*bytes = NULL;
	*length = 0;
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return errno;
	return file_read_fd(fd, max_bytes, bytes, length);
}

int file_write_fd(int fd, const void *bytes, size_t length)
{
	const char *p = bytes;
	while (length > 0) {
		ssize_t n = write(fd, p, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		p += n;
		length -= (size_t)n;
	}
	return 0;
}

int file_write(const char *path, const void *bytes, size_t length, mode_t mode)
{
	AUTO_FREE char *temporary = must_printf("%s.%ld.tmp", path, (long)getpid());
	AUTO_FD int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
			      0600);
	if (fd < 0)
		return errno;
	int error = file_write_fd(fd, bytes, length);
	if (error == 0 && fchmod(fd, mode) != 0)
		error = errno;
	if (error == 0 && rename(temporary, path) != 0)
		error = errno;
	if (error != 0)
		(void)unlink(temporary); /* the first error is the one to tell */
	return error;
}

int file_copy_fd(int fd, size_t max_bytes, const char *path, mode_t mode)
{
	AUTO_FREE char *bytes = NULL;
	size_t length = 0;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return errno;
	int error = file_read_fd(fd, max_bytes, &bytes, &length);
	return error != 0 ? error : file_write(path, bytes, length, mode);
}

int file_memory(const char *name, const void *bytes, size_t length)
{
	AUTO_FD int fd = memfd_create(name, MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	int error = file_write_fd(fd, bytes, length);
	if (error != 0)
		return -error;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	return take_fd(&fd);
}

int folder_make(const char *path)
{
	AUTO_FREE char *part = must_strdup(path);
	for (char *p = part + 1; *p != '\0'; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			return errno;
		*p = '/';
	}
	return mkdir(part, 0755) != 0 && errno != EEXIST ? errno : 0;
}

int folder_list(const char *path, size_t max, struct words *names)
{
	DIR *folder = opendir(path);
	if (folder == NULL)
		return errno;
	/* Each call has a stream of its own: readdir is safe there, and readdir_r is deprecated. */
	while (names->count < max) {
		/* cppcheck-suppress readdirCalled */
		const struct dirent *entry = readdir(folder);
		if (entry == NULL)
			break;
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			words_add(names, entry->d_name);
	}
	(void)closedir(folder);
	words_sort(names);
	return 0;
}

int folder_remove(const char *path)
{
	struct stat info;
	if (lstat(path, &info) != 0)
		return errno == ENOENT ? 0 : errno;
	if (!S_ISDIR(info.st_mode))
		return unlink(path) != 0 ? errno : 0;
	struct words names = { 0 };
	int error = folder_list(path, 100000, &names);
	for (size_t i = 0; error == 0 && i < names.count; i++) {
		AUTO_FREE char *child = must_printf("%s/%s", path, names.item[i]);
		error = folder_remove(child);
	}
	words_fini(&names);
	if (error == 0 && rmdir(path) != 0)
		error = errno;
	return error;
}

bool file_exists(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

bool folder_exists(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}
