/* Fresh control groups on unified and hybrid hosts. */
#include "sandbox/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"

enum { EMPTY_WAIT_MS = 10000, PATH_BYTES = 512, LINE_BYTES = 4096 };

/* Folders in which our groups are made; NULL where the host has none that we may use. */
static struct {
	bool known;
	enum cgroup_kind kind;
	char *unified, *memory, *pids;
} host;

static int write_text(const char *folder, const char *name, const char *text)
{
	AUTO_FREE char *path = must_printf("%s/%s", folder, name);
	AUTO_FD int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	return write(fd, text, strlen(text)) < 0 ? errno : 0;
}

static bool read_text(const char *folder, const char *name, char *text, size_t bytes)
{
	AUTO_FREE char *path = must_printf("%s/%s", folder, name);
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t count = fd < 0 ? -1 : read(fd, text, bytes - 1);
	text[count > 0 ? count : 0] = '\0';
	return count >= 0;
}

static uint64_t read_number(const char *folder, const char *name)
{
	char text[64];
	return read_text(folder, name, text, sizeof text) ? strtoull(text, NULL, 10) : 0;
}

/* The path of this process in a hierarchy: of `controller`, or of version 2 for "". Returned to the
 * caller. */
static char *own_path(const char *controller)
{
	AUTO_FILE FILE *file = fopen("/proc/self/cgroup", "re");
	char line[LINE_BYTES];
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		char *names = strchr(line, ':');
		char *path = names != NULL ? strchr(names + 1, ':') : NULL;
		if (path == NULL)
			continue;
		*path++ = '\0';
		names++;
		path[strcspn(path, "\n")] = '\0';
		for (char *rest = names, *name; (name = strsep(&rest, ",")) != NULL;)
			if (strcmp(name, controller) == 0)
				return must_strdup(path);
	}
	return must_strdup("/");
}

/* Where a hierarchy is mounted: fstype "cgroup2", or "cgroup" with the controller among its
 * options. */
static char *mount_point(const char *type, const char *controller)
{
	AUTO_FILE FILE *file = fopen("/proc/self/mounts", "re");
	char line[LINE_BYTES];
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		char point[PATH_BYTES], fstype[64], options[PATH_BYTES];
		if (sscanf(line, "%*s %511s %63s %511s", point, fstype, options) != 3 ||
		    strcmp(fstype, type) != 0)
			continue;
		for (char *rest = options, *name; (name = strsep(&rest, ",")) != NULL;)
			if (*controller == '\0' || strcmp(name, controller) == 0)
				return must_strdup(point);
	}
	return NULL;
}

/* A folder below `parent` in which we may make groups, or NULL. */
static char *usable(const char *mount, const char *path)
{
	if (mount == NULL)
		return NULL;
	char *folder = must_printf("%s%s", mount, strcmp(path, "/") == 0 ? "" : path);
	if (access(folder, W_OK) == 0)
		return folder;
	free(folder);
	return NULL;
}

/* Version 2 with controllers: as root a folder of our own at the top, as a user the delegated group
 * that we are in. The processes of that group must leave it first, since a group with controllers
 * for its children holds none itself. */
static bool find_unified(void)
{
	AUTO_FREE char *mount = mount_point("cgroup2", "");
	AUTO_FREE char *own = own_path("");
	char *base = usable(mount, geteuid() == 0 ? "/" : own);
	char controllers[PATH_BYTES];
	if (base == NULL ||
	    !read_text(base, "cgroup.controllers", controllers, sizeof controllers) ||
	    strstr(controllers, "memory") == NULL || strstr(controllers, "pids") == NULL) {
		free(base);
		return false;
	}
	if (geteuid() != 0) {
		AUTO_FREE char *self = must_printf("%s/interleave-self", base);
		char pid[32];
		(void)snprintf(pid, sizeof pid, "%d", getpid());
		if ((mkdir(self, 0755) < 0 && errno != EEXIST) ||
		    write_text(self, "cgroup.procs", pid) != 0) {
			free(base);
			return false;
		}
	}
	if (write_text(base, "cgroup.subtree_control", "+memory +pids") != 0) {
		free(base);
		return false;
	}
	host.unified = base;
	host.memory = base;
	host.pids = base;
	return true;
}

static bool find_hybrid(void)
{
	AUTO_FREE char *mount = mount_point("cgroup2", "");
	AUTO_FREE char *memory_mount = mount_point("cgroup", "memory");
	AUTO_FREE char *pids_mount = mount_point("cgroup", "pids");
	AUTO_FREE char *own = own_path("");
	AUTO_FREE char *own_memory = own_path("memory");
	AUTO_FREE char *own_pids = own_path("pids");
	host.unified = usable(mount, own);
	host.memory = usable(memory_mount, own_memory);
	host.pids = usable(pids_mount, own_pids);
	return host.unified != NULL && host.memory != NULL && host.pids != NULL;
}

enum cgroup_kind cgroup_host(void)
{
	if (!host.known) {
		host.known = true;
		host.kind = find_unified()  ? CGROUP_UNIFIED
			    : find_hybrid() ? CGROUP_HYBRID
					    : CGROUP_NONE;
	}
	return host.kind;
}

static char *make_folder(const char *base, const char *name, int *error)
{
	char *path = must_printf("%s/%s", base, name);
	if (mkdir(path, 0755) == 0)
		return path;
	*error = errno;
	free(path);
	return NULL;
}

static int set_limits(const struct cgroup *group, uint64_t memory_bytes, unsigned tasks)
{
	char memory[32], pids[32];
	(void)snprintf(memory, sizeof memory, "%" PRIu64, memory_bytes);
	(void)snprintf(pids, sizeof pids, "%u", tasks);
	int error = write_text(group->pids, "pids.max", pids);
	if (error != 0)
		return error;
	if (group->kind == CGROUP_UNIFIED) {
		error = write_text(group->memory, "memory.max", memory);
		/* Without a swap limit a memory limit has no effect; a kernel without swap
		 * accounting has no such file. */
		(void)write_text(group->memory, "memory.swap.max", "0");
		(void)write_text(group->memory, "memory.oom.group", "1");
		return error;
	}
	error = write_text(group->memory, "memory.limit_in_bytes", memory);
	(void)write_text(group->memory, "memory.memsw.limit_in_bytes", memory);
	return error;
}

int cgroup_create(struct cgroup *group, uint64_t memory_bytes, unsigned tasks)
{
	static unsigned counter;
	*group = (struct cgroup){ .kind = CGROUP_NONE };
	if (cgroup_host() == CGROUP_NONE)
		return 0;
	char name[64];
	(void)snprintf(name, sizeof name, "interleave-%d-%u", getpid(), counter++);
	int error = 0;
	group->kind = host.kind;
	group->unified = make_folder(host.unified, name, &error);
	if (group->unified != NULL && host.kind == CGROUP_HYBRID) {
		group->memory = make_folder(host.memory, name, &error);
		group->pids = make_folder(host.pids, name, &error);
	} else if (group->unified != NULL) {
		group->memory = must_strdup(group->unified);
		group->pids = must_strdup(group->unified);
	}
	if (error == 0)
		error = set_limits(group, memory_bytes, tasks);
	if (error != 0)
		cgroup_destroy(group);
	return error;
}

int cgroup_join(const struct cgroup *group, pid_t pid)
{
	char text[32];
	(void)snprintf(text, sizeof text, "%d", pid);
	const char *const folders[] = { group->unified,
					group->kind == CGROUP_HYBRID ? group->memory : NULL,
					group->kind == CGROUP_HYBRID ? group->pids : NULL };
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		int error = folders[i] != NULL ? write_text(folders[i], "cgroup.procs", text) : 0;
		if (error != 0)
			return error;
	}
	return 0;
}

/* A line "name number" of a flat-keyed file. */
static uint64_t keyed_number(const char *folder, const char *file, const char *key)
{
	char text[1024];
	if (!read_text(folder, file, text, sizeof text))
		return 0;
	for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL;) {
		size_t length = strlen(key);
		if (strncmp(line, key, length) == 0 && line[length] == ' ')
			return strtoull(line + length + 1, NULL, 10);
	}
	return 0;
}

void cgroup_usage(const struct cgroup *group, struct cgroup_usage *usage)
{
	*usage = (struct cgroup_usage){ 0 };
	if (group->kind != CGROUP_NONE) {
		usage->cpu_us = keyed_number(group->unified, "cpu.stat", "usage_usec");
		usage->user_us = keyed_number(group->unified, "cpu.stat", "user_usec");
		usage->system_us = keyed_number(group->unified, "cpu.stat", "system_usec");
		usage->tasks_peak = read_number(group->pids, "pids.peak");
		usage->tasks_refused = keyed_number(group->pids, "pids.events", "max");
	}
	if (group->kind == CGROUP_UNIFIED) {
		usage->current_kib = read_number(group->memory, "memory.current") / 1024;
		usage->peak_kib = read_number(group->memory, "memory.peak") / 1024;
		usage->oom = keyed_number(group->memory, "memory.events", "oom_kill") > 0;
	} else if (group->kind == CGROUP_HYBRID) {
		usage->current_kib = read_number(group->memory, "memory.usage_in_bytes") / 1024;
		usage->peak_kib = read_number(group->memory, "memory.max_usage_in_bytes") / 1024;
		usage->oom = keyed_number(group->memory, "memory.oom_control", "oom_kill") > 0;
	}
}

/* The kernel marks cgroup.events as changed when the last task has gone: sleep on that. */
static void wait_empty(const struct cgroup *group)
{
	AUTO_FREE char *path = must_printf("%s/cgroup.events", group->unified);
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	for (int waited_ms = 0; fd >= 0 && waited_ms < EMPTY_WAIT_MS; waited_ms += 100) {
		char text[256] = "";
		if (pread(fd, text, sizeof text - 1, 0) < 0 || strstr(text, "populated 0") != NULL)
			return;
		struct pollfd event = { .fd = fd, .events = POLLPRI };
		(void)poll(&event, 1, 100);
	}
}

static void remove_folder(char *path)
{
	/* A version-1 group counts a task until its last reference is gone, a little after it left:
	 * try again. */
	for (int tries = 0; path != NULL && rmdir(path) < 0 && errno == EBUSY && tries < 1000;
	     tries++)
		(void)usleep(1000);
	free(path);
}

void cgroup_destroy(struct cgroup *group)
{
	if (group->unified != NULL && write_text(group->unified, "cgroup.kill", "1") == 0)
		wait_empty(group);
	if (group->memory != NULL && group->unified != NULL &&
	    strcmp(group->memory, group->unified) == 0) {
		free(group->memory);
		free(group->pids);
	} else {
		remove_folder(group->memory);
		remove_folder(group->pids);
	}
	remove_folder(group->unified);
	*group = (struct cgroup){ .kind = CGROUP_NONE };
}
