/* What a QEMU may do that its guest has taken over: compute, and use the descriptors that it was
 * given. Layers, each as far as the host has it: no new privileges; as root a user of its own for
 * each machine; namespaces without processes to signal, without network and with nothing shared;
 * Landlock: reading programs and libraries, nothing else; our list of calls, then QEMU's own;
 * limits. It dies with us. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/auto.h"
#include "machine_guest.h"

enum {
	FD_SPARE = 64,       /* descriptors are moved out of the way first */
	MEMORY_GIB_MAX = 24, /* address space: guest, translated code, stacks */
	CPUS_MAX = 8,
	/* Users of machines: above those of containers as systemd deals them out, one for each
	   process number. */
	FIRST_USER = 0x70000000,
	MAP_BYTES = 64,
	LANDLOCK_READ_FILE = 1 << 2,
	LANDLOCK_READ = 1 << 0 | LANDLOCK_READ_FILE | 1 << 3, /* execute, read files and folders */
	LANDLOCK_ALL = (1 << 13) - 1,                         /* ABI 1 */
	LANDLOCK_DEVICE = 1 << 1 | 1 << 2,
};

unsigned long confine_namespaces(void)
{
	unsigned long flags = CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
	return geteuid() == 0 ? flags : flags | CLONE_NEWUSER;
}

static int limit(int resource, rlim_t value)
{
	const struct rlimit both = { .rlim_cur = value, .rlim_max = value };
	return setrlimit((__rlimit_resource_t)resource, &both) == 0 ? 0 : errno;
}

static int limit_all(const struct guest_spec *spec)
{
	const struct {
		int resource;
		rlim_t value;
	} limits[] = {
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_NOFILE, 256 },
		{ RLIMIT_FSIZE, spec->file_bytes_max },
		{ RLIMIT_AS, (rlim_t)MEMORY_GIB_MAX << 30 },
		{ RLIMIT_CPU, (rlim_t)spec->limit_s * CPUS_MAX },
		{ RLIMIT_MSGQUEUE, 0 },
	};
	int error = 0;
	for (size_t i = 0; error == 0 && i < sizeof limits / sizeof *limits; i++)
		error = limit(limits[i].resource, limits[i].value);
	return error;
}

/* Every descriptor at its number, all others closed. */
static int place_descriptors(const struct guest_spec *spec)
{
	int moved[GUEST_FDS];
	for (int i = 0; i < GUEST_FDS; i++) {
		int fd = i < GUEST_COMPLAINTS ? open("/dev/null", O_RDWR | O_CLOEXEC) : spec->fd[i];
		moved[i] = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, FD_SPARE) : -1;
		if (fd >= 0 && moved[i] < 0)
			return errno;
	}
	for (int i = 0; i < GUEST_FDS; i++) {
		if (moved[i] < 0)
			(void)close(i); /* it may not be open */
		else if (dup2(moved[i], i) != i)
			return errno;
	}
	return close_range(GUEST_FDS, ~0U, 0) == 0 ? 0 : errno;
}

/* As root another user for each machine: neither the caller nor a machine beside it can be traced,
 * signalled or read. */
static int change_user(pid_t parent)
{
	if (geteuid() != 0)
		return 0;
	struct stat kvm;
	uid_t user = FIRST_USER + (uid_t)parent;
	bool has_kvm = stat("/dev/kvm", &kvm) == 0;
	if (setgroups(has_kvm ? 1 : 0, has_kvm ? &kvm.st_gid : NULL) != 0)
		return errno;
	return setresgid(user, user, user) != 0 || setresuid(user, user, user) != 0 ? errno : 0;
}

static int write_text(const char *path, const char *text)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : errno;
}

/* In a user namespace we are who we were, and nobody else is there. */
static int map_user(const struct confinement *confinement)
{
	char users[MAP_BYTES];
	char groups[MAP_BYTES];
	(void)snprintf(users, sizeof users, "%u %u 1", confinement->uid, confinement->uid);
	(void)snprintf(groups, sizeof groups, "%u %u 1", confinement->gid, confinement->gid);
	int error = write_text("/proc/self/setgroups", "deny");
	if (error == 0)
		error = write_text("/proc/self/gid_map", groups);
	return error == 0 ? write_text("/proc/self/uid_map", users) : error;
}

static int allow(int rules, const char *path, uint64_t rights)
{
	AUTO_FD int fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return 0; /* what is not there needs no rule */
	const struct landlock_path_beneath_attr rule = { .allowed_access = rights,
							 .parent_fd = fd };
	return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0
		       ? 0
		       : errno;
}

static int hide_files(const char *program)
{
	static const char *const libraries[] = { "/usr", "/lib", "/lib64", "/bin" };
	const struct landlock_ruleset_attr attributes = { .handled_access_fs = LANDLOCK_ALL };
	AUTO_FD int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes,
					 sizeof attributes, 0);
	if (rules < 0)
		return 0; /* a kernel without it */
	int error = allow(rules, program, 1 << 0 | LANDLOCK_READ_FILE);
	for (size_t i = 0; error == 0 && i < sizeof libraries / sizeof *libraries; i++)
		error = allow(rules, libraries[i], LANDLOCK_READ);
	if (error == 0)
		error = allow(rules, "/etc/ld.so.cache", LANDLOCK_READ_FILE);
	if (error == 0)
		error = allow(rules, "/dev/urandom", LANDLOCK_READ_FILE);
	if (error == 0)
		error = allow(rules, "/dev/null", LANDLOCK_DEVICE);
	if (error == 0)
		error = allow(rules, "/dev/kvm", LANDLOCK_DEVICE);
	if (error != 0)
		return error;
	return syscall(SYS_landlock_restrict_self, rules, 0) == 0 ? 0 : errno;
}

/* The parent may have died before we asked to die with it. */
static int die_with(int parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		return errno;
	struct pollfd gone = { .fd = parent, .events = POLLIN };
	if (poll(&gone, 1, 0) != 0)
		_exit(0);
	return 0;
}

int confine_child(const struct guest_spec *spec, const struct confinement *confinement,
		  const char **step)
{
	int error = 0;
	*step = "name its user";
	if (confinement->own_users && (error = map_user(confinement)) != 0)
		return error;
	*step = "set its limits";
	if ((error = limit_all(spec)) != 0)
		return error;
	*step = "give it a user of its own";
	if (!confinement->own_users && (error = change_user(confinement->parent_id)) != 0)
		return error;
	*step = "make it die with us"; /* after the change of user, which takes that back */
	if ((error = die_with(confinement->parent)) != 0)
		return error;
	(void)setsid(); /* it has no terminal */
	*step = "place its descriptors";
	if ((error = place_descriptors(spec)) != 0)
		return error;
	*step = "give up privileges";
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return errno;
	*step = "hide files from it";
	if ((error = hide_files(spec->qemu)) != 0)
		return error;
	*step = "forbid system calls";
	return filter_load();
}
