/* Finds the place for groups: version 2, version 2 beside version 1, version 1 alone, or none. */
#include "sandbox/cgroup_host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"

enum { PATH_BYTES = 512, LINE_BYTES = 4096 };

static struct cgroup_places places;

int cgroup_write(const char *folder, const char *name, const char *text)
{
	AUTO_FREE char *path = must_printf("%s/%s", folder, name);
	AUTO_FD int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	return write(fd, text, strlen(text)) < 0 ? errno : 0;
}

bool cgroup_read(const char *folder, const char *name, char *text, size_t bytes)
{
	AUTO_FREE char *path = must_printf("%s/%s", folder, name);
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t count = fd < 0 ? -1 : read(fd, text, bytes - 1);
	text[count > 0 ? count : 0] = '\0';
	return count >= 0;
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

/* The group that an administrator has made for this work (interleave.slice), or the
 * top: the groups there that are not ours are not touched. */
static char *unified_root(const char *mount)
{
	AUTO_FREE char *slice = must_printf("%s/interleave.slice", mount);
	char controllers[PATH_BYTES];
	if (cgroup_read(slice, "cgroup.controllers", controllers, sizeof controllers) &&
	    strstr(controllers, "memory") != NULL)
		return must_strdup("/interleave.slice");
	return must_strdup("/");
}

/* A group with controllers for its children may hold no process itself. Where we are not the only
 * one (a shell, make, another grader), all go into a child, and the graders that they start later
 * find our place by its name. */
static const char self_name[] = "/interleave-self";

/* Who cannot be moved (in another PID namespace, or not ours to move) is left: then there will be
 * no controllers. */
static bool move_processes(const char *from, const char *to)
{
	AUTO_FREE char *path = must_printf("%s/cgroup.procs", from);
	AUTO_FILE FILE *processes = fopen(path, "re");
	char pid[32];
	while (processes != NULL && fgets(pid, sizeof pid, processes) != NULL)
		(void)cgroup_write(to, "cgroup.procs", pid);
	return processes != NULL;
}

/* The kernel answers EBUSY while there is a process; one may be born between our look and our move.
 */
static bool enable_controllers(const char *base)
{
	enum { TRIES = 100 };
	AUTO_FREE char *self = must_printf("%s%s", base, self_name);
	int error = EBUSY;
	for (int tries = 0; tries < TRIES && error == EBUSY; tries++) {
		error = cgroup_write(base, "cgroup.subtree_control", "+memory +pids");
		if (error == EBUSY &&
		    ((mkdir(self, 0755) < 0 && errno != EEXIST) || !move_processes(base, self)))
			return false;
	}
	return error == 0;
}

/* A user's own group, or the one above it if somebody has moved us already. */
static char *delegated_path(void)
{
	char *path = own_path("");
	const size_t length = strlen(path), tail = sizeof self_name - 1;
	if (length >= tail && strcmp(path + length - tail, self_name) == 0)
		path[length - tail] = '\0';
	return path;
}

static bool find_unified(void)
{
	AUTO_FREE char *mount = mount_point("cgroup2", "");
	if (mount == NULL)
		return false;
	AUTO_FREE char *path = geteuid() == 0 ? unified_root(mount) : delegated_path();
	char *base = usable(mount, path);
	char controllers[PATH_BYTES];
	if (base == NULL ||
	    !cgroup_read(base, "cgroup.controllers", controllers, sizeof controllers) ||
	    strstr(controllers, "memory") == NULL || strstr(controllers, "pids") == NULL ||
	    !enable_controllers(base)) {
		free(base);
		return false;
	}
	places.unified = base;
	places.memory = base;
	return true;
}

/* A folder for our groups in a hierarchy of version 1, NULL if there is none. */
static char *find_controller(const char *controller)
{
	AUTO_FREE char *mount = mount_point("cgroup", controller);
	AUTO_FREE char *own = own_path(controller);
	return usable(mount, own);
}

static enum cgroup_kind find(void)
{
	if (find_unified())
		return CGROUP_UNIFIED;
	AUTO_FREE char *mount = mount_point("cgroup2", "");
	AUTO_FREE char *own = own_path("");
	places.unified = usable(mount, own);
	places.memory = find_controller("memory");
	if (places.memory == NULL)
		return CGROUP_NONE;
	if (places.unified != NULL)
		return CGROUP_HYBRID;
	places.cpu = find_controller("cpuacct");
	return CGROUP_V1;
}

const struct cgroup_places *cgroup_places(void)
{
	static bool known;
	if (!known) {
		known = true;
		places.kind = find();
		cgroup_sweep(places.unified);
		cgroup_sweep(places.memory);
		cgroup_sweep(places.cpu);
	}
	return &places;
}
