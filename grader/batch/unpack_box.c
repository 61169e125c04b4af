/* The box that archives are read in holds the reader, /usr for its libraries, the open archive as
 * its standard input, and one empty folder. */
#include "batch/unpack_box.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/words.h"
#include "batch/names.h"
#include "batch/stop.h"
#include "sandbox/box.h"

enum {
	MEMORY_MIB = 512,
	TASKS = 4,
	CPU_S = 10,
	WALL_FACTOR_MS = 30 * 1000, /* for each second of CPU time */
	OUTPUT_MIB = 32,
	SPARE_BYTES = 1 << 20,
};

static void run_box(const struct unpack_run *run, const struct words *command,
		    struct box_result *result)
{
	static const char *const environment[] = { "PATH=/usr/bin", "LC_ALL=C.UTF-8", NULL };
	static const struct box_bind binds[] = { { .host = "/usr", .path = "/usr" }, { 0 } };
	AUTO_FD int reader = open(run->reader, O_RDONLY | O_CLOEXEC);
	if (reader < 0)
		die_errno(errno, "cannot read %s (run make first)", run->reader);
	if (lseek(run->input, 0, SEEK_SET) < 0)
		die_errno(errno, "cannot read an archive from its start");
	const struct box_file files[] = { { .path = "/unpack", .fd = reader, .mode = 0555 },
					  { .path = NULL, .fd = -1 } };
	const unsigned cpu_s = run->cpu_s != 0 ? run->cpu_s : CPU_S;
	const struct box_spec spec = {
		.policy = BOX_POLICY_TOOL,
		.argv = words_vector(command),
		.environment = environment,
		.files = files,
		.binds = binds,
		.input = run->input,
		.out = true,
		.limits = { .memory_bytes = (uint64_t)MEMORY_MIB << 20,
			    .tasks = TASKS,
			    .cpu_s = cpu_s,
			    .wall_ms = cpu_s * WALL_FACTOR_MS,
			    .file_bytes = run->chunk_bytes + SPARE_BYTES,
			    .disk_bytes = run->chunk_bytes + SPARE_BYTES,
			    .output_bytes = (size_t)OUTPUT_MIB << 20 },
	};
	box_run(&spec, result);
	stop_here(); /* Ctrl-C may have ended the reader, which is no student's fault */
	if (result->status == BOX_SETUP_FAILED)
		die_errno(result->error,
			  "the sandbox for archives could not be set up (%s). This is no "
			  "student's fault: repair it and run the command again",
			  result->step);
	if (result->status == BOX_WALL_LIMIT)
		die("an archive could not be read: this machine did not give it the time. Run the "
		    "command again on a machine that is less busy");
}

/* NULL: it came to its end. */
static const char *stopped_by(const struct box_result *result)
{
	switch (result->status) {
	case BOX_EXITED:
		if (result->code != 0)
			return "it made our reader of archives fail";
		return result->out_cut ? "its names are too long" : NULL;
	case BOX_CPU_LIMIT:
		return "unpacking it takes more than 10 s of CPU time";
	case BOX_MEMORY_LIMIT:
		return "unpacking it takes more than 512 MiB of memory";
	case BOX_SIGNALLED:
	case BOX_VIOLATION:
	case BOX_OUTPUT_LIMIT:
	case BOX_WALL_LIMIT:
	case BOX_SETUP_FAILED:
	case BOX_STATUS_COUNT:
		break;
	}
	return "it made our reader of archives fail";
}

json_t *unpack_run_archive(const struct unpack_run *run, int *data, const char **why)
{
	struct words command = { 0 };
	words_split(&command, "/unpack archive");
	const uint64_t numbers[] = { run->first, run->entries, run->file_bytes, run->chunk_bytes };
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		words_addf(&command, "%llu", (unsigned long long)numbers[i]);
	words_add(&command, "/out/data");
	struct box_result result;
	run_box(run, &command, &result);
	words_fini(&command);
	json_t *value = NULL;
	*data = -1;
	*why = stopped_by(&result);
	if (*why == NULL) {
		*data = box_out_open(&result, "data", run->chunk_bytes + SPARE_BYTES);
		value = json_read_bytes(result.out, result.out_bytes, NULL);
	}
	box_result_fini(&result);
	if (*why == NULL && (value == NULL || *data < 0)) {
		*why = "it made our reader of archives fail";
		json_decref(value);
		value = NULL;
		if (*data >= 0)
			(void)close(*data); /* nothing was written through it */
		*data = -1;
	}
	return value;
}

/* Compares the names of one run with *wrapper, which begins as NULL. False: there is no such
 * folder.
 */
static bool all_below(const json_t *entries, char **wrapper)
{
	for (size_t i = 0; i < json_array_size(entries); i++) {
		const json_t *entry = json_array_get(entries, i);
		AUTO_FREE char *path = must_strdup(json_text_of(entry, "path", ""));
		bool folder = strcmp(json_text_of(entry, "kind", ""), "folder") == 0;
		path_make_plain(path);
		size_t top = strcspn(path, "/");
		if (path_is_junk(path) || *path == '\0')
			continue;
		if (path[top] == '\0' && !folder)
			return false;
		if (*wrapper == NULL)
			*wrapper = must_printf("%.*s", (int)top, path);
		if (!path_is_below(path, *wrapper))
			return false;
	}
	return true;
}

char *unpack_wrapper(const struct unpack_run *run)
{
	struct unpack_run names = *run;
	char *wrapper = NULL;
	names.file_bytes = 0;
	for (bool more = true; more;) {
		const char *why = NULL;
		AUTO_FD int data = -1;
		json_t *value = unpack_run_archive(&names, &data, &why);
		bool below = value != NULL &&
			     all_below(json_object_get(value, "entries"), &wrapper);
		json_int_t next = json_integer_value(json_object_get(value, "next"));
		json_decref(value);
		more = below && next > 0 && (uint64_t)next > names.first;
		names.first = (uint64_t)next;
		if (!below) {
			free(wrapper);
			wrapper = NULL;
		}
	}
	return wrapper != NULL ? wrapper : must_strdup("");
}

json_t *unpack_run_yaml(const char *reader, int input)
{
	const struct unpack_run run = { .reader = reader, .input = input };
	struct words command = { 0 };
	words_split(&command, "/unpack yaml");
	struct box_result result;
	run_box(&run, &command, &result);
	words_fini(&command);
	json_t *value = NULL;
	if (stopped_by(&result) == NULL)
		value = json_read_bytes(result.out, result.out_bytes, NULL);
	box_result_fini(&result);
	return value;
}
