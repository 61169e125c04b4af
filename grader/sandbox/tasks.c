/* Walks the tree of processes below a box's init. */
#include "sandbox/tasks.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sandbox/procfs.h"

enum { TEXT_BYTES = 8192 };

struct walk {
	pid_t init;
	struct task *list;
	size_t count, max;
	bool cut;
};

static const char *next_field(const char *at)
{
	at += strcspn(at, " ");
	return at + strspn(at, " ");
}

/* The fields of stat after the name, which is in brackets and may itself hold brackets and blanks.
 * Numbers as in proc(5). */
static bool read_stat(struct task *task)
{
	enum { STATE = 3, PARENT = 4, USER_TICKS = 14, SYSTEM_TICKS = 15, RESIDENT = 24 };
	char name[64], text[1024];
	(void)snprintf(name, sizeof name, "task/%d/stat", task->pid);
	const char *at = proc_read(task->process, name, text, sizeof text) ? strrchr(text, ')')
									   : NULL;
	if (at == NULL)
		return false;
	uint64_t field[RESIDENT + 1] = { 0 };
	at = next_field(at);
	task->state = *at;
	for (int number = STATE + 1; number <= RESIDENT && *at != '\0'; number++) {
		at = next_field(at);
		field[number] = strtoull(at, NULL, 10);
	}
	const uint64_t tick_us = 1000000u / (uint64_t)sysconf(_SC_CLK_TCK);
	task->parent = (pid_t)field[PARENT];
	task->cpu_us = (field[USER_TICKS] + field[SYSTEM_TICKS]) * tick_us;
	task->rss_kib = field[RESIDENT] * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
	return task->state != '\0';
}

/* Switches, and the time on a processor: finer than ticks where the kernel counts it. */
static void read_running(struct task *task)
{
	char name[64], text[TEXT_BYTES];
	(void)snprintf(name, sizeof name, "task/%d/status", task->pid);
	if (proc_read(task->process, name, text, sizeof text)) {
		task->wakeups = proc_number(text, "\nvoluntary_ctxt_switches:", 10);
		task->switches = task->wakeups +
				 proc_number(text, "\nnonvoluntary_ctxt_switches:", 10);
	}
	(void)snprintf(name, sizeof name, "task/%d/schedstat", task->pid);
	if (proc_read(task->process, name, text, sizeof text))
		task->cpu_us = strtoull(text, NULL, 10) / 1000;
}

static void walk_process(struct walk *walk, pid_t process);

static void walk_children(struct walk *walk, pid_t process, pid_t thread)
{
	char name[64], text[TEXT_BYTES];
	(void)snprintf(name, sizeof name, "task/%d/children", thread);
	if (!proc_read(process, name, text, sizeof text))
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
	/* cppcheck-suppress readdirCalled; each walk has a stream of its own */
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
			read_running(&task);
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

void tasks_sum(pid_t init, struct tasks_sum *sum)
{
	static struct task tasks[TASKS_MAX];
	bool cut;
	size_t count = tasks_list(init, tasks, TASKS_MAX, &cut);
	*sum = (struct tasks_sum){ 0 };
	for (size_t i = 0; i < count; i++) {
		sum->cpu_us += tasks[i].cpu_us;
		if (tasks[i].pid == tasks[i].process)
			sum->memory_kib += tasks[i].rss_kib;
	}
}

uint64_t tasks_memory_kib(pid_t init)
{
	struct tasks_sum sum;
	tasks_sum(init, &sum);
	return sum.memory_kib;
}
