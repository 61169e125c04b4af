/* Reads its environment, its auxiliary vector, its mounts, its groups and other processes for
 * secrets.
 *
 * Row: R11
 * Base: box lab1
 * By: an environment from scratch, a /proc of own processes, a root of copies
 * Expect: contained */
#include "attack.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/auxv.h>
#include <unistd.h>

extern char **environ;

static ssize_t get(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t n = fd >= 0 ? read(fd, text, size - 1) : -1;
	(void)close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n;
}

int main(void)
{
	char text[65536], path[64];
	for (char **entry = environ; *entry != NULL; entry++)
		if (strstr(*entry, "TOKEN") || strstr(*entry, "HOME=") || strstr(*entry, "USER="))
			harm("environment %.40s", *entry);
	const char *name = (const char *)getauxval(AT_EXECFN);
	if (name != NULL &&
	    (strstr(name, "/home") || strstr(name, "/tmp") || strstr(name, "/grader")))
		harm("where it lies: %s", name);
	for (int pid = 1; pid < 70000; pid++) {
		static const char *const files[] = { "environ", "cmdline" };
		(void)snprintf(path, sizeof path, "/proc/%d/status", pid);
		if (pid == getpid() || pid == 1 || get(path, text, sizeof text) <= 0)
			continue;
		for (size_t i = 0; i < 2; i++) {
			(void)snprintf(path, sizeof path, "/proc/%d/%s", pid, files[i]);
			if (get(path, text, sizeof text) > 0) {
				harm("%s of another process: %.30s", files[i], text);
				pid = 70000;
				break;
			}
		}
	}
	if (get("/proc/1/environ", text, sizeof text) > 0 || get("/proc/1/mem", text, 16) > 0)
		harm("PID 1's memory");
	if (get("/proc/self/mountinfo", text, sizeof text) > 0 &&
	    (strstr(text, "/home") || strstr(text, "upperdir") || strstr(text, "/grader")))
		harm("paths of the host in mountinfo");
	static const char *const shown[] = { "/proc/cpuinfo",
					     "/proc/meminfo",
					     "/proc/net/tcp",
					     "/proc/kallsyms",
					     "/proc/sys/kernel/core_pattern",
					     "/sys/kernel/notes" };
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
		if (get(shown[i], text, sizeof text) > 0)
			harm("%s", shown[i]);
	return done("nothing secret is there");
}
