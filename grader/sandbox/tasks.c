/* Walks the tree of processes below a box's init. */
#include "sandbox/tasks.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"

enum { TEXT_BYTES = 8192 };

struct walk {
	pid_t init;
	struct task *list;
	size_t count, max;
	bool cut;
};

static bool read_proc(const char *path, char *text, size_t bytes)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	for (ssize_t count = 1;
	     fd >= 0 && count > 0 && length<bytes - 1; length += count> 0 ? (size_t)count : 0)
		count = read(fd, text + length, bytes - 1 - length);
	text[length] = '\0';
	return length > 0;
}

/* The fields of stat after the name, which is in brackets and may itself hold brackets and blanks.
 */
static bool read_stat(struct task *task)
{
	char path[64], text[1024];
	(void)snprintf(path, sizeof path, "/proc/%d/task/%d/stat", task->process, task->pid);
	if (!read_proc(path, text, sizeof text))
		return false;
	const char *fields = strrchr(text, ')');
	unsigned long user_ticks, system_ticks;
	long resident_pages;
	if (fields == NULL ||
	    sscanf(fields + 1,
		   " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %*d %*d %*u "
		   "%*u %ld",
		   &task->state, &task->parent, &user_ticks, &system_ticks, &resident_pages) != 5)
		return false;
	const unsigned long tick_us = 1000000ul / (unsigned long)sysconf(_SC_CLK_TCK);
	task->cpu_us = (user_ticks + system_ticks) * tick_us;
	task->rss_kib = (uint64_t)resident_pages * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
	return true;
}

static uint64_t status_number(const char *text, const char *name)
{
	const char *line = strstr(text, name);
	return line != NULL ? strtoull(line + strlen(name), NULL, 10) : 0;
}

static void read_switches(struct task *task)
{
	char path[64], text[TEXT_BYTES];
	(void)snprintf(path, sizeof path, "/proc/%d/task/%d/status", task->process, task->pid);
	if (!read_proc(path, text, sizeof text))
		return;
	task->switches = status_number(text, "\nvoluntary_ctxt_switches:") +
			 status_number(text, "\nnonvoluntary_ctxt_switches:");
}

/* Finer than ticks, where the kernel counts it. */
static void read_runtime(struct task *task)
{
	char path[64], text[128];
	(void)snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", task->process, task->pid);
	if (read_proc(path, text, sizeof text))
		task->cpu_us = strtoull(text, NULL, 10) / 1000;
}

static void walk_process(struct walk *walk, pid_t process);

static void walk_children(struct walk *walk, pid_t process, pid_t thread)
{
	char path[64], text[TEXT_BYTES];
	(void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", process, thread);
	if (!read_proc(path, text, sizeof text))
		return;
	char *end;
	for (const char *at = text;; at = end) {
		long child = strtol(at, &end, 10);
		if (end == at)
			return;
		walk_process(walk, (pid_t)child);
	}
}

/* Recursion as deep as the tree of processes, which pids.max bounds. */
static void walk_process(struct walk *walk, pid_t process)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/%d/task", process);
	DIR *threads = opendir(path);
	if (threads == NULL)
		return;
	for (struct dirent *entry; (entry = readdir(threads)) != NULL;) {
		pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);
		if (thread <= 0)
			continue;
		if (walk->count == walk->max) {
			walk->cut = true;
			break;
		}
		if (process != walk->init) {
			struct task task = { .pid = thread, .process = process };
			if (!read_stat(&task))
				continue;
			if (task.parent == walk->init)
				task.parent = 0;
			read_runtime(&task);
			read_switches(&task);
			walk->list[walk->count++] = task;
		}
		walk_children(walk, process, thread);
	}
	(void)closedir(threads);
}

size_t tasks_list(pid_t init, struct task *list, size_t max, bool *cut)
{
	struct walk walk = { .init = init, .list = list, .max = max };
	walk_process(&walk, init);
	*cut = walk.cut;
	return walk.count;
}
