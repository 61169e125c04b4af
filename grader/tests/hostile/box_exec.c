/* Runs other programs: a shell, the loader, a memory file, a script, itself, and by every
 * descriptor.
 *
 * Row: R22
 * Base: box lab1 --usr --out --tmp
 * By: execve denied, the program executed exactly once, writable folders noexec
 * Expect: contained */
#include "attack.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Another program replaces this one only if the call does not come back. */
static void run(const char *what, int fd, const char *path)
{
	int link[2];
	char byte = 0;
	if (pipe2(link, O_CLOEXEC) != 0)
		return;
	pid_t pid = fork();
	if (pid == 0) {
		char *const argv[] = { (char *)"true", (char *)"-c", (char *)"exit 0", NULL };
		char *const none[] = { NULL };
		(void)close(STDERR_FILENO);
		if (fd >= 0)
			(void)syscall(SYS_execveat, fd, "", argv, none, AT_EMPTY_PATH);
		else
			(void)execve(path, argv, none);
		(void)!write(link[1], "x", 1); /* not replaced */
		_exit(0);
	}
	(void)close(link[1]);
	if (pid > 0 && read(link[0], &byte, 1) == 0)
		harm("%s", what);
	(void)close(link[0]);
	(void)waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[0], "true") == 0)
		return 0; /* what "itself" became */
	run("/bin/sh", -1, "/bin/sh");
	run("/usr/bin/true", -1, "/usr/bin/true");
	run("the loader", -1, "/lib64/ld-linux-x86-64.so.2");
	run("itself", -1, argv[0]);
	run("/proc/self/exe", -1, "/proc/self/exe");
	char block[65536];
	int from = open(argv[0], O_RDONLY), memory = memfd_create("program", 0);
	int file = open("/tmp/program", O_RDWR | O_CREAT, 0700);
	for (ssize_t n; from >= 0 && (n = read(from, block, sizeof block)) > 0;) {
		(void)!write(memory, block, (size_t)n);
		(void)!write(file, block, (size_t)n);
	}
	(void)close(file);
	if (memory >= 0 && from >= 0)
		run("a memory file", memory, NULL);
	if (from >= 0)
		run("a file of its own", -1, "/tmp/program");
	for (int fd = 3; fd < 1100; fd++)
		if (fd != from && fd != memory && fcntl(fd, F_GETFD) >= 0)
			run("an inherited descriptor", fd, NULL);
	return done("EPERM for every program");
}
