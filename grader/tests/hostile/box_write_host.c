/* Writes to everything that outlives it: the grader's files, its own program, settings of the
 * kernel.
 *
 * Row: R12
 * Base: box lab1 --out --tmp
 * By: read-only root of copies, Landlock, no capability
 * Expect: contained */
#include "attack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	(void)argc;
	const char *const paths[] = { "@ROOT@/grades.csv",
				      "/etc/passwd",
				      "/etc/shadow",
				      "@ROOT@/hidden/answers.txt",
				      argv[0],
				      "/proc/self/exe",
				      "/proc/sys/kernel/core_pattern",
				      "/proc/sys/user/max_user_namespaces",
				      "/proc/self/oom_score_adj",
				      "/proc/self/uid_map",
				      "/sys/fs/cgroup/cgroup.procs",
				      "/proc/sysrq-trigger",
				      "/dev/mem",
				      "/dev/kmsg",
				      "/proc/1/mem",
				      "/proc/1/oom_score_adj",
				      "/proc/self/timerslack_ns",
				      "/proc/self/coredump_filter" };
	for (size_t i = 0; i < sizeof paths / sizeof *paths - 2; i++)
		attempt(paths[i], open(paths[i], O_WRONLY | (i == 0 ? O_APPEND : 0)));
	int fd = open("@ROOT@/grades.csv", O_WRONLY | O_APPEND);
	if (fd >= 0)
		(void)!write(fd, "me,100\n", 7);
	static const char *const made[] = { "/made",     "/etc/made",  "/usr/made",
					    "/dev/made", "/proc/made", "/box/made" };
	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		attempt(made[i], open(made[i], O_WRONLY | O_CREAT, 0600));
	attempt("unlink of its program", unlink(argv[0]));
	attempt("chmod of its program", chmod(argv[0], 0777));
	attempt("a device", mknod("/tmp/device", S_IFBLK | 0600, 0x800));
	return done("everything is read-only");
}
