/* What the kernel shows of the subject: tasks, descriptors, memory. Nothing the subject says about
 * itself. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "run/runner.h"
#include "sandbox/procfs.h"

enum { FDS_MAX = 4096 };

static size_t list(struct runner *runner, struct task **tasks)
{
	static struct task all[TASKS_MAX];
	bool cut = false;
	*tasks = all;
	return runner->subject.running ? tasks_list(runner->subject.box.init, all, TASKS_MAX, &cut)
				       : 0;
}

bool sample_holds(struct runner *runner, pid_t pid)
{
	struct task *tasks;
	size_t count = list(runner, &tasks);
	for (size_t i = 0; i < count; i++)
		if (tasks[i].pid == pid)
			return true;
	return false;
}

static void add_end(const struct subject *subject, json_t *answer)
{
	const int status = subject->box.wait_status;
	json_object_set_new(answer, "ended", json_boolean(subject->box.ended));
	if (subject->box.ended && WIFSIGNALED(status))
		json_object_set_new(answer, "signal", json_integer(WTERMSIG(status)));
	else if (subject->box.ended)
		json_object_set_new(answer, "exit", json_integer(WEXITSTATUS(status)));
}

static const char *kind_of(const char *target, uint64_t *inode)
{
	static const char *const kinds[] = { "socket", "pipe" };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if ((*inode = proc_inode(target, kinds[i])) != 0)
			return kinds[i];
	if (strncmp(target, "/memfd:", 7) == 0)
		return "memfd";
	return target[0] == '/' ? "file" : "other";
}

static bool is_cloexec(pid_t pid, int fd)
{
	char name[64], text[1024];
	(void)snprintf(name, sizeof name, "fdinfo/%d", fd);
	return proc_read(pid, name, text, sizeof text) &&
	       (proc_number(text, "flags:", 8) & O_CLOEXEC) != 0;
}

static void add_descriptors(json_t *fds, pid_t pid)
{
	char path[300], target[128];
	(void)snprintf(path, sizeof path, "/proc/%d/fd", pid);
	DIR *folder = opendir(path);
	if (folder == NULL)
		return;
	/* cppcheck-suppress readdirCalled; the stream is ours alone */
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		if (entry->d_name[0] == '.' || json_array_size(fds) == FDS_MAX)
			continue;
		(void)snprintf(path, sizeof path, "/proc/%d/fd/%s", pid, entry->d_name);
		ssize_t length = readlink(path, target, sizeof target - 1);
		if (length < 0)
			continue;
		target[length] = '\0';
		uint64_t inode = 0;
		const char *kind = kind_of(target, &inode);
		struct stat info;
		if (inode == 0 && stat(path, &info) == 0)
			inode = info.st_ino;
		int fd = (int)strtol(entry->d_name, NULL, 10);
		json_array_append_new(fds, json_pack("{s:i,s:i,s:s,s:I,s:b}", "pid", pid, "fd", fd,
						     "kind", kind, "inode", (json_int_t)inode,
						     "cloexec", is_cloexec(pid, fd)));
	}
	(void)closedir(folder);
}

static uint64_t anonymous_kib(pid_t pid)
{
	char text[4096];
	return proc_read(pid, "smaps_rollup", text, sizeof text)
		       ? proc_number(text, "\nAnonymous:", 10)
		       : 0;
}

static int count_maps(pid_t pid)
{
	char path[64];
	int lines = 0;
	(void)snprintf(path, sizeof path, "/proc/%d/maps", pid);
	AUTO_FILE FILE *file = fopen(path, "re");
	for (int c; file != NULL && (c = getc(file)) != EOF;)
		lines += c == '\n';
	return lines;
}

/* Files in the subject's own /dev/shm; the folder was opened before the box closed. */
static int count_shared(int folder_fd)
{
	int count = 0;
	AUTO_FD int fd = folder_fd >= 0 ? openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
					: -1;
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	if (folder == NULL)
		return 0;
	(void)take_fd(&fd);
	/* cppcheck-suppress readdirCalled; the stream is ours alone */
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
		count += entry->d_name[0] != '.' ||
			 (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0);
	(void)closedir(folder);
	return count;
}

static json_t *task_json(const struct task *task)
{
	const char state[2] = { task->state, '\0' };
	return json_pack("{s:i,s:i,s:i,s:s,s:I,s:I}", "pid", task->pid, "process", task->process,
			 "parent", task->parent, "state", state, "switches",
			 (json_int_t)task->switches, "cpu_us", (json_int_t)task->cpu_us);
}

static void add_memory(struct runner *runner, json_t *answer, const struct task *tasks,
		       size_t count)
{
	const uint64_t current = cgroup_current_kib(&runner->subject.box.group);
	uint64_t anonymous = 0, resident = 0;
	for (size_t i = 0; i < count; i++) {
		if (tasks[i].pid != tasks[i].process)
			continue;
		anonymous += anonymous_kib(tasks[i].process);
		resident += tasks[i].rss_kib;
	}
	json_object_set_new(answer, "anonymous_kib", json_integer((json_int_t)anonymous));
	json_object_set_new(answer, "memory_kib",
			    json_integer((json_int_t)(current > 0 ? current : resident)));
}

json_t *sample_take(struct runner *runner, bool fds, bool memory, bool maps)
{
	struct task *tasks;
	size_t count = list(runner, &tasks);
	json_t *answer = json_pack("{s:b,s:i}", "ok", 1, "main", runner->subject.box.main);
	add_end(&runner->subject, answer);
	json_t *all = json_array(), *descriptors = fds ? json_array() : NULL,
	       *mappings = maps ? json_array() : NULL;
	for (size_t i = 0; i < count; i++) {
		json_array_append_new(all, task_json(&tasks[i]));
		if (tasks[i].pid != tasks[i].process)
			continue;
		if (fds)
			add_descriptors(descriptors, tasks[i].process);
		if (maps)
			json_array_append_new(mappings,
					      json_pack("{s:i,s:i}", "pid", tasks[i].process,
							"count", count_maps(tasks[i].process)));
	}
	json_object_set_new(answer, "tasks", all);
	if (fds)
		json_object_set_new(answer, "fds", descriptors);
	if (memory)
		add_memory(runner, answer, tasks, count);
	if (maps) {
		json_object_set_new(answer, "maps", mappings);
		json_object_set_new(
			answer, "shm",
			json_integer(count_shared(runner->subject.box.dirs[BOX_DIR_SHM])));
	}
	return answer;
}

/* A task that sleeps, or that a signal stopped, goes on only when another does something. The
 * tracer shows one of its own as stopped by a signal only where that is so: the others it holds. */
static bool is_asleep(const struct runner *runner, const struct task *task)
{
	if (task->state == 'S' || task->state == 'T')
		return true;
	const struct tracer *tracer = &runner->subject.tracer;
	for (size_t i = 0; task->state == 't' && i < tracer->task_count; i++)
		if (tracer->tasks[i].pid == task->pid)
			return tracer->tasks[i].stopped;
	return false;
}

/* A sum of pids weighted by switches tells two samples apart even if one task went and another
 * came. */
json_t *sample_quiet(struct runner *runner)
{
	static uint64_t previous;
	struct task *tasks;
	size_t count = list(runner, &tasks);
	uint64_t switches = 0, wakeups = 0, cpu_us = 0, mark = 0, alive = 0;
	bool asleep = true;
	for (size_t i = 0; i < count; i++) {
		if (tasks[i].state == 'Z')
			continue;
		alive++;
		asleep = asleep && is_asleep(runner, &tasks[i]);
		switches += tasks[i].switches;
		wakeups += tasks[i].wakeups;
		cpu_us += tasks[i].cpu_us;
		mark = mark * 1099511628211u + (uint64_t)tasks[i].pid * 65599u + tasks[i].switches;
	}
	bool same = mark == previous;
	previous = mark;
	/* Held in a call that the filter stopped, a task only seems asleep. */
	asleep = asleep && !guard_pending(&runner->subject.box.guard);
	json_t *answer = json_pack("{s:b,s:b,s:I,s:I,s:I,s:I}", "ok", 1, "quiet",
				   alive > 0 && asleep && same, "switches", (json_int_t)switches,
				   "wakeups", (json_int_t)wakeups, "cpu_us", (json_int_t)cpu_us,
				   "tasks", (json_int_t)count);
	add_end(&runner->subject, answer);
	return answer;
}
