/* A user's delegated group gives groups with limits also where a shell is at work in it. Needs
 * root, to delegate one, and the controllers in version 2: elsewhere there is nothing to ask. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/cgroup_host.h"

TCase *cgroup_host_test(void);

enum { USER = 4711 };

static const char top[] = "/sys/fs/cgroup";
static char base[128], self[160];

static bool make_delegated_group(void)
{
	char path[192];
	static const char *const files[] = { "", "/cgroup.procs", "/cgroup.subtree_control" };
	(void)snprintf(base, sizeof base, "%s/interleave-test-%d", top, getpid());
	(void)snprintf(self, sizeof self, "%s/interleave-self", base);
	if (geteuid() != 0 || cgroup_write(top, "cgroup.subtree_control", "+memory +pids") != 0 ||
	    mkdir(base, 0755) < 0)
		return false;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		(void)snprintf(path, sizeof path, "%s%s", base, files[i]);
		ck_assert_int_eq(chown(path, USER, USER), 0);
	}
	return true;
}

static bool join(const char *group)
{
	char pid[32];
	(void)snprintf(pid, sizeof pid, "%d", getpid());
	return cgroup_write(group, "cgroup.procs", pid) == 0;
}

/* A user's process that was started in `group`: 0 if it finds its place in the delegated one. */
static int seek_place(const char *group)
{
	pid_t pid = fork();
	if (pid == 0) {
		if (!join(group) || setgid(USER) < 0 || setuid(USER) < 0)
			_exit(2);
		const struct cgroup_places *places = cgroup_places();
		_exit(places->kind == CGROUP_UNIFIED && strcmp(places->unified, base) == 0 ? 0 : 1);
	}
	int status = -1;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(a_delegated_group_serves_although_a_shell_is_in_it)
{
	if (!make_delegated_group())
		return;
	pid_t shell = fork();
	if (shell == 0) {
		(void)pause();
		_exit(0);
	}
	char pid[32], procs[64];
	(void)snprintf(pid, sizeof pid, "%d", shell);
	const bool joined = cgroup_write(base, "cgroup.procs", pid) == 0;
	const int first = seek_place(base);
	const int second = seek_place(self); /* whom the shell starts now */
	(void)cgroup_read(self, "cgroup.procs", procs, sizeof procs);
	(void)kill(shell, SIGKILL);
	(void)waitpid(shell, NULL, 0);
	(void)rmdir(self);
	ck_assert_int_eq(rmdir(base), 0);
	ck_assert(joined);
	ck_assert_int_eq(first, 0);
	ck_assert_int_eq(second, 0);
	ck_assert_int_eq(strtol(procs, NULL, 10), shell);
}
END_TEST

TCase *cgroup_host_test(void)
{
	TCase *tests = tcase_create("cgroup_host");
	tcase_add_test(tests, a_delegated_group_serves_although_a_shell_is_in_it);
	return tests;
}
