/* A fresh control group: limits, counters, end. */
#include "sandbox/cgroup_host.h"

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
#include "base/machine.h"

enum { EMPTY_WAIT_MS = 10000, FLAT_BYTES = 512 };

static uint64_t read_number(const char *folder, const char *name)
{
	char text[64];
	return cgroup_read(folder, name, text, sizeof text) ? strtoull(text, NULL, 10) : 0;
}

enum cgroup_kind cgroup_host(void)
{
	return cgroup_places()->kind;
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
	char memory[32], most[32];
	(void)snprintf(memory, sizeof memory, "%" PRIu64, memory_bytes);
	(void)snprintf(most, sizeof most, "%u", tasks);
	if (group->kind == CGROUP_UNIFIED) {
		int error = cgroup_write(group->unified, "pids.max", most);
		if (error == 0)
			error = cgroup_write(group->memory, "memory.max", memory);
		/* Without a swap limit a memory limit has no effect; a kernel without swap
		 * accounting has no such file. */
		(void)cgroup_write(group->memory, "memory.swap.max", "0");
		(void)cgroup_write(group->memory, "memory.oom.group", "1");
		return error;
	}
	int error = cgroup_write(group->memory, "memory.limit_in_bytes", memory);
	(void)cgroup_write(group->memory, "memory.memsw.limit_in_bytes", memory);
	return error;
}

int cgroup_create(struct cgroup *group, uint64_t memory_bytes, unsigned tasks)
{
	static unsigned counter;
	const struct cgroup_places *places = cgroup_places();
	*group = (struct cgroup){ .kind = CGROUP_NONE };
	if (places->kind == CGROUP_NONE)
		return 0;
	char name[64];
	(void)snprintf(name, sizeof name, "interleave-%d-%u", getpid(), counter++);
	int error = 0;
	group->kind = places->kind;
	if (places->unified != NULL)
		group->unified = make_folder(places->unified, name, &error);
	if (error == 0 && places->kind == CGROUP_UNIFIED) {
		group->memory = must_strdup(group->unified);
	} else if (error == 0) {
		group->memory = make_folder(places->memory, name, &error);
		if (places->cpu != NULL)
			group->cpu = make_folder(places->cpu, name, &error);
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
	const bool split = group->kind != CGROUP_UNIFIED;
	const char *const folders[] = { group->unified, split ? group->memory : NULL, group->cpu };
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		int error = folders[i] != NULL ? cgroup_write(folders[i], "cgroup.procs", text) : 0;
		if (error != 0)
			return error;
	}
	return 0;
}

/* The number behind "key " at the start of a line of a flat-keyed file. */
static uint64_t keyed(const char *text, const char *key)
{
	const size_t length = strlen(key);
	for (const char *line = text; line != NULL && *line != '\0';) {
		if (strncmp(line, key, length) == 0 && line[length] == ' ')
			return strtoull(line + length + 1, NULL, 10);
		line = strchr(line, '\n');
		line = line != NULL ? line + 1 : NULL;
	}
	return 0;
}

static uint64_t keyed_number(const char *folder, const char *file, const char *key)
{
	char text[FLAT_BYTES];
	return cgroup_read(folder, file, text, sizeof text) ? keyed(text, key) : 0;
}

static void add_cpu(const struct cgroup *group, struct cgroup_usage *usage)
{
	char text[FLAT_BYTES];
	if (group->unified != NULL) { /* one look: each makes the kernel add up all cores */
		(void)cgroup_read(group->unified, "cpu.stat", text, sizeof text);
		usage->cpu_us = keyed(text, "usage_usec");
		usage->user_us = keyed(text, "user_usec");
		usage->system_us = keyed(text, "system_usec");
	} else if (group->cpu != NULL) {
		usage->cpu_us = read_number(group->cpu, "cpuacct.usage") / 1000;
	}
}

void cgroup_usage(const struct cgroup *group, struct cgroup_usage *usage)
{
	*usage = (struct cgroup_usage){ 0 };
	if (group->kind == CGROUP_NONE)
		return;
	add_cpu(group, usage);
	if (group->kind == CGROUP_UNIFIED) {
		usage->tasks_refused = keyed_number(group->unified, "pids.events", "max");
		usage->tasks_peak = read_number(group->unified, "pids.peak");
		usage->peak_kib = read_number(group->memory, "memory.peak") / 1024;
		usage->oom = keyed_number(group->memory, "memory.events", "oom_kill") > 0;
	} else {
		usage->peak_kib = read_number(group->memory, "memory.max_usage_in_bytes") / 1024;
		usage->oom = keyed_number(group->memory, "memory.oom_control", "oom_kill") > 0;
	}
}

uint64_t cgroup_current_kib(const struct cgroup *group)
{
	if (group->kind == CGROUP_NONE)
		return 0;
	return read_number(group->memory, group->kind == CGROUP_UNIFIED ? "memory.current"
									: "memory.usage_in_bytes") /
	       1024;
}

/* The kernel marks cgroup.events as changed when the last task has gone: sleep on that. Killed only
 * if there is somebody. */
static void empty(const struct cgroup *group)
{
	AUTO_FREE char *path = must_printf("%s/cgroup.events", group->unified);
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	for (int waited_ms = 0; fd >= 0 && waited_ms < EMPTY_WAIT_MS * (int)machine_factor();
	     waited_ms += 100) {
		char text[FLAT_BYTES] = "";
		if (pread(fd, text, sizeof text - 1, 0) < 0 || strstr(text, "populated 0") != NULL)
			return;
		if (waited_ms == 0)
			(void)cgroup_write(group->unified, "cgroup.kill", "1");
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
	/* Most boxes have ended with their first process, and their group is empty. */
	const bool gone = group->unified != NULL && rmdir(group->unified) == 0;
	if (group->unified != NULL && !gone)
		empty(group);
	if (group->memory != NULL && group->unified != NULL &&
	    strcmp(group->memory, group->unified) == 0)
		free(group->memory);
	else
		remove_folder(group->memory);
	remove_folder(group->cpu);
	if (gone)
		free(group->unified);
	else
		remove_folder(group->unified);
	*group = (struct cgroup){ .kind = CGROUP_NONE };
}
