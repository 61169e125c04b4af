/* Reads what a grader has to hide, by absolute path, by dots, by /proc and by open descriptors.
 *
 * Row: R12
 * Base: box lab1
 * By: a root of its own with copies; Landlock
 * Expect: contained */
#include "attack.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

static void read_file(int at, const char *path)
{
	char text[64];
	int fd = openat(at, path, O_RDONLY);
	if (fd >= 0 && read(fd, text, sizeof text) > 0)
		harm("%s", path);
	(void)close(fd);
}

int main(void)
{
	static const char *const paths[] = {
		"/etc/shadow",
		"/etc/passwd",
		"@ROOT@/hidden/answers.txt",
		"@ROOT@/submissions/other/net.c",
		"@ROOT@/solutions/1-fork-server/reference/net.c",
		"@ROOT@/README.md",
		"../../../../../../../../etc/shadow",
		"/proc/1/root/etc/shadow",
		"/proc/self/root/../../etc/shadow",
		"/proc/self/cwd/../../../../../../etc/shadow",
		"/proc/1/cwd/README.md",
	};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		read_file(AT_FDCWD, paths[i]);
	for (int fd = 0; fd < 1024; fd++) {
		char text[64];
		read_file(fd, "etc/shadow");
		read_file(fd, "../../../../../etc/shadow");
		if (fd > 2 && read(fd, text, sizeof text) > 0)
			harm("descriptor %d", fd);
	}
	static const char *const folders[] = { "/home", "/root", "/var", "/boot",
					       "/sys",  "/mnt",  "/run", "/usr" };
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		DIR *folder = opendir(folders[i]);
		if (folder != NULL)
			harm("folder %s", folders[i]);
	}
	return done("no file of the host");
}
