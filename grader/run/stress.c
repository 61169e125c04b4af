/* What is known of these tools and their troubles: the switch that makes them report no more than
 * what we ask, an exit status of their own, no nap at exit (TSan), no pipes of a debugger
 * (valgrind). Where the kernel randomises addresses by more bits than TSan of gcc 12 and clang 14
 * expects, it dies at once: its box gets none. */
#include "run/stress.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/words.h"
#include "run/report.h"
#include "run/second_log.h"

enum {
	MEMORY_MIB = 512,
	TASKS = 64,
	CPU_S = 20,
	/* A stress needs a hundredth of a second, ten to fifty times as much under valgrind. Who
	 * does not end in this time has no opinion: a clock proves nothing. */
	WALL_MS = 10000,
	VALGRIND_WALL_MS = 60000,
	LOG_BYTES_MAX = 2 << 20,
	LOGS_MAX = 8,
};

static const char valgrind[] = "/usr/bin/valgrind.bin"; /* valgrind itself is a script */
static const char log_name[] = "second";

static bool is_tsan(const struct stress_job *job)
{
	return strcmp(job->tool, "tsan") == 0;
}

const char *stress_lacks(const char *tool)
{
	if (strcmp(tool, "tsan") == 0 || file_exists(valgrind))
		return NULL;
	return "valgrind is not installed: make deps installs it";
}

static void make_command(const struct stress_job *job, struct words *command)
{
	if (!is_tsan(job)) {
		words_add(command, valgrind);
		words_addf(command, "--tool=%s", job->tool);
		words_split(command, "--vgdb=no --fair-sched=yes --error-exitcode=66 "
				     "--log-file=/out/second.%p");
	}
	words_add(command, "/stress");
	words_add(command, job->part);
}

static void run(const struct stress_job *job, const struct box_file *files,
		struct box_result *result)
{
	static const char *const tsan_environment[] = {
		"TSAN_OPTIONS=log_path=/out/second:exitcode=66:report_thread_leaks=0:"
		"atexit_sleep_ms=0:symbolize=0",
		NULL
	};
	static const char *const valgrind_environment[] = { "VALGRIND_LIB=/usr/libexec/valgrind",
							    NULL };
	static const struct box_bind usr[] = { { .host = "/usr", .path = "/usr" }, { 0 } };
	struct words command = { 0 };
	make_command(job, &command);
	const struct box_spec spec = {
		.policy = job->policy,
		.profile = is_tsan(job) ? BOX_PROFILE_TSAN : BOX_PROFILE_VALGRIND,
		.argv = words_vector(&command),
		.environment = is_tsan(job) ? tsan_environment : valgrind_environment,
		.files = files,
		.binds = is_tsan(job) ? NULL : usr,
		.input = -1,
		.out = true,
		.tmp = !is_tsan(job),
		.limits = { .memory_bytes = (uint64_t)MEMORY_MIB << 20,
			    .tasks = TASKS,
			    .cpu_s = CPU_S,
			    .wall_ms = is_tsan(job) ? WALL_MS : VALGRIND_WALL_MS,
			    .file_bytes = LOG_BYTES_MAX,
			    .disk_bytes = (uint64_t)LOG_BYTES_MAX * 2 },
	};
	const int before = personality(0xffffffff);
	(void)personality((unsigned long)before | ADDR_NO_RANDOMIZE);
	box_run(&spec, result);
	(void)personality((unsigned long)before);
	words_fini(&command);
}

/* All logs behind one another, clean; there is one, unless the submission makes more. Returned. */
static char *read_logs(const struct box_result *result)
{
	char *all = must_strdup("");
	AUTO_FD int fd = result->out_dir >= 0
				 ? openat(result->out_dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
				 : -1;
	struct words names = { 0 };
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	if (folder == NULL)
		return all;
	(void)take_fd(&fd);
	/* cppcheck-suppress readdirCalled; the stream is ours alone */
	for (struct dirent *entry; names.count < LOGS_MAX && (entry = readdir(folder)) != NULL;)
		if (strncmp(entry->d_name, log_name, strlen(log_name)) == 0)
			words_add(&names, entry->d_name);
	(void)closedir(folder);
	words_sort(&names);
	for (size_t i = 0; i < names.count; i++) {
		AUTO_FREE char *bytes = NULL;
		size_t length = 0;
		AUTO_FD int log = box_out_open(result, names.item[i], LOG_BYTES_MAX);
		if (log < 0 || file_read_fd(log, LOG_BYTES_MAX, &bytes, &length) != 0)
			continue;
		report_clean(bytes, length);
		char *longer = must_printf("%s%s\n", all, bytes);
		free(all);
		all = longer;
	}
	words_fini(&names);
	return all;
}

static const char *ending(const struct box_result *result)
{
	switch (result->status) {
	case BOX_EXITED:
		return "exited";
	case BOX_SIGNALLED:
		return "signal";
	case BOX_WALL_LIMIT:
	case BOX_CPU_LIMIT:
		return "time";
	case BOX_MEMORY_LIMIT:
	case BOX_OUTPUT_LIMIT:
	case BOX_VIOLATION:
		return "limit";
	case BOX_SETUP_FAILED:
	case BOX_STATUS_COUNT:
		return "box";
	}
	return "box";
}

json_t *stress_run(const struct stress_job *job)
{
	size_t libraries = 0;
	/* valgrind needs /usr itself, and there they are. */
	while (is_tsan(job) && job->libraries != NULL && job->libraries[libraries].path != NULL)
		libraries++;
	AUTO_FREE struct box_file *files = must_alloc((libraries + 2) * sizeof *files);
	AUTO_FD int program = open(job->program, O_RDONLY | O_CLOEXEC);
	if (program < 0)
		die_errno(errno, "cannot read %s", job->program);
	files[0] = (struct box_file){ .path = "/stress", .fd = program, .mode = 0555 };
	for (size_t i = 0; i < libraries; i++)
		files[i + 1] = job->libraries[i];
	files[libraries + 1] = (struct box_file){ .path = NULL, .fd = -1 };
	struct box_result result;
	run(job, files, &result);
	AUTO_FREE char *text = read_logs(&result);
	json_t *seen = is_tsan(job) ? second_log_tsan(text) : second_log_valgrind(text);
	json_put_text(seen, "ended", ending(&result));
	json_put(seen, "code", json_integer(result.code));
	box_result_fini(&result);
	return seen;
}
