/* One way to start every tool: fixed environment, fixed limits, nothing shared with the host but
 * /usr. */
#include "intake/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"

enum {
	TOOL_MEMORY_MIB = 1024,
	TOOL_TASKS = 32,
	TOOL_CPU_S = 20,
	TOOL_WALL_MS = 120 * 1000,
	TOOL_OUTPUT_BYTES = 64 * 1024,
	TOOL_JSON_BYTES = 1024 * 1024,
	TOOL_FILE_MIB = 64,
};

/* The descriptor is given. */
static void add(struct tool_input *input, int fd, const char *box_path, mode_t mode)
{
	struct box_file *files = reallocarray(input->files, input->count + 2, sizeof *files);
	if (files == NULL)
		die("out of memory");
	files[input->count++] = (struct box_file){ .path = must_strdup(box_path),
						   .fd = fd,
						   .mode = mode };
	files[input->count] = (struct box_file){ .path = NULL, .fd = -1 };
	input->files = files;
}

void tool_input_file(struct tool_input *input, const char *host_path, const char *box_path,
		     mode_t mode)
{
	int fd = open(host_path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die_errno(errno, "cannot read %s (run make first)", host_path);
	add(input, fd, box_path, mode);
}

void tool_input_bytes(struct tool_input *input, const void *bytes, size_t length,
		      const char *box_path)
{
	int fd = file_memory("input", bytes, length);
	if (fd < 0)
		die_errno(-fd, "cannot make a memory file");
	add(input, fd, box_path, 0444);
}

void tool_input_fini(struct tool_input *input)
{
	for (size_t i = 0; i < input->count; i++) {
		(void)close(input->files[i].fd);
		char *path = NULL;
		memcpy(&path, &input->files[i].path,
		       sizeof path); /* ours, const only for the box */
		free(path);
	}
	free(input->files);
	*input = (struct tool_input){ 0 };
}

static void run(enum box_policy policy, const struct words *argv, const struct tool_input *input,
		size_t output_bytes, struct box_result *result)
{
	static const char *const environment[] = { "PATH=/usr/bin", "LC_ALL=C.UTF-8", "TMPDIR=/tmp",
						   NULL };
	static const struct box_bind binds[] = { { .host = "/usr", .path = "/usr" }, { 0 } };
	const struct box_spec spec = {
		.policy = policy,
		.argv = words_vector(argv),
		.environment = environment,
		.files = input->files,
		.binds = binds,
		.input = -1,
		.out = true,
		.tmp = true,
		.limits = { .memory_bytes = (uint64_t)TOOL_MEMORY_MIB << 20,
			    .tasks = TOOL_TASKS,
			    .cpu_s = TOOL_CPU_S,
			    .wall_ms = TOOL_WALL_MS,
			    .file_bytes = (uint64_t)TOOL_FILE_MIB << 20,
			    .disk_bytes = (uint64_t)TOOL_FILE_MIB << 20,
			    .output_bytes = output_bytes },
	};
	box_run(&spec, result);
	if (result->status == BOX_SETUP_FAILED)
		die_errno(result->error,
			  "No grade: the sandbox could not be set up (%s). This is not your fault "
			  "and costs nothing",
			  result->step);
}

void tool_run(enum box_policy policy, const struct words *argv, const struct tool_input *input,
	      struct box_result *result)
{
	run(policy, argv, input, TOOL_OUTPUT_BYTES, result);
}

json_t *tool_read(const struct words *argv, const struct tool_input *input)
{
	return tool_read_by("/proc/self/exe", argv, input);
}

json_t *tool_read_by(const char *program, const struct words *argv, const struct tool_input *input)
{
	static const char self[] = "/reader";
	struct tool_input all = { 0 };
	tool_input_file(&all, program, self, 0555);
	for (size_t i = 0; i < input->count; i++) {
		int fd = fcntl(input->files[i].fd, F_DUPFD_CLOEXEC, 0);
		if (fd < 0)
			die_errno(errno, "cannot duplicate a descriptor");
		add(&all, fd, input->files[i].path, input->files[i].mode);
	}
	struct words command = { 0 };
	words_add(&command, self);
	words_add_all(&command, argv);
	struct box_result result;
	run(BOX_POLICY_TOOL, &command, &all, TOOL_JSON_BYTES, &result);
	json_t *value = NULL;
	if (result.status == BOX_EXITED && result.code == 0 && !result.out_cut)
		value = json_read_bytes(result.out, result.out_bytes, NULL);
	box_result_fini(&result);
	words_fini(&command);
	tool_input_fini(&all);
	return value;
}

int tool_take(const struct box_result *result, const char *name, const char *path, mode_t mode)
{
	AUTO_FD int fd = box_out_open(result, name, (uint64_t)TOOL_FILE_MIB << 20);
	if (fd < 0)
		return -fd;
	return file_copy_fd(fd, (size_t)TOOL_FILE_MIB << 20, path, mode);
}
