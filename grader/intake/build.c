/* Builds differ in flags only, so they are made side by side. Boxes belong into single-threaded
 * processes: a child for each build, and its result as JSON through a pipe. */
#include "intake/build.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "intake/audit.h"
#include "intake/compile.h"
#include "intake/finding.h"
#include "intake/link.h"

enum { RESULT_BYTES_MAX = 4 * 1024 * 1024 };

struct child {
	pid_t pid;
	int fd;
};

static json_t *write_map(const char *program, const char *path)
{
	struct tool_input input = { 0 };
	struct words command = { 0 };
	tool_input_file(&input, program, "/program", 0444);
	words_split(&command, "tool-map /program");
	json_t *map = tool_read(&command, &input);
	words_fini(&command);
	tool_input_fini(&input);
	if (map == NULL)
		return finding_make("policy", "POL", "The linked program cannot be read.",
				    "What a compiler makes of plain C can be read.",
				    "write plain C without assembly.");
	int error = json_write_file(path, map);
	json_decref(map);
	if (error != 0)
		die_errno(error, "cannot write %s", path);
	return NULL;
}

static json_t *write_maps(const struct program_build *product)
{
	json_t *finding = NULL;
	if (product->srv != NULL)
		finding = write_map(product->srv, product->srv_map);
	return finding != NULL ? finding : write_map(product->player, product->player_map);
}

static bool is_instrumented(const struct lab_build *build)
{
	for (size_t i = 0; i < build->cflags.count; i++)
		if (strncmp(build->cflags.item[i], "-fsanitize=", strlen("-fsanitize=")) == 0)
			return true;
	return false;
}

static void build_one(const struct lab *lab, const struct submission *submission,
		      const struct program_build *product, const char *folder,
		      struct build_result *result)
{
	AUTO_FREE char *own = must_printf("%s/obj/%s", folder, product->build->name);
	int error = folder_make(own);
	if (error != 0)
		die_errno(error, "cannot make %s", own);
	bool instrumented = is_instrumented(product->build);
	struct words objects = { 0 };
	long long begin = clock_ms();
	*result = (struct build_result){ 0 };
	result->finding = compile_sources(lab, product->build, submission, own, &objects,
					  &result->warnings);
	if (instrumented)
		words_fini(&result->warnings);
	long long compiled = clock_ms();
	if (result->finding == NULL)
		result->finding = audit_objects(lab, &objects, instrumented);
	long long audited = clock_ms();
	if (result->finding == NULL)
		result->finding = link_programs(lab, product->build, &objects, folder);
	if (result->finding == NULL)
		result->finding = write_maps(product);
	result->compile_ms = compiled - begin;
	result->audit_ms = audited - compiled;
	result->link_ms = clock_ms() - audited;
	words_fini(&objects);
}

static void send_result(int fd, const struct build_result *result)
{
	json_t *warnings = json_array();
	for (size_t i = 0; i < result->warnings.count; i++)
		(void)json_array_append_new(warnings, json_string(result->warnings.item[i]));
	json_t *value = json_make(
		"{s:O?, s:o, s:I, s:I, s:I}", "finding", result->finding, "warnings", warnings,
		"compile_ms", (json_int_t)result->compile_ms, "audit_ms",
		(json_int_t)result->audit_ms, "link_ms", (json_int_t)result->link_ms);
	AUTO_FREE char *text = json_text(value);
	int error = file_write_fd(fd, text, strlen(text));
	if (error != 0)
		die_errno(error, "cannot hand on the result of a build");
}

static struct child start(const struct lab *lab, const struct submission *submission,
			  const struct program_build *product, const char *folder)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		die_errno(errno, "cannot make a pipe");
	(void)fflush(stdout); /* else the child would print it again when it dies */
	pid_t pid = fork();
	if (pid < 0)
		die_errno(errno, "cannot start a process for a build");
	if (pid == 0) {
		struct build_result result;
		(void)close(ends[0]);
		build_one(lab, submission, product, folder, &result);
		send_result(ends[1], &result);
		_exit(0);
	}
	(void)close(ends[1]);
	return (struct child){ .pid = pid, .fd = ends[0] };
}

static void read_result(const json_t *value, struct build_result *result)
{
	json_t *finding = json_object_get(value, "finding");
	*result = (struct build_result){
		.finding = json_is_object(finding) ? json_incref(finding) : NULL,
		.compile_ms = json_integer_value(json_object_get(value, "compile_ms")),
		.audit_ms = json_integer_value(json_object_get(value, "audit_ms")),
		.link_ms = json_integer_value(json_object_get(value, "link_ms")),
	};
	size_t i;
	json_t *warning;
	json_array_foreach(json_object_get(value, "warnings"), i, warning)
		words_add(&result->warnings, json_string_value(warning));
}

static void finish(struct child *child, struct build_result *result)
{
	AUTO_FD int fd = take_fd(&child->fd);
	AUTO_FREE char *bytes = NULL;
	size_t length = 0;
	int status = 0;
	int error = file_read_fd(fd, RESULT_BYTES_MAX, &bytes, &length);
	while (waitpid(child->pid, &status, 0) < 0)
		if (errno != EINTR)
			die_errno(errno, "cannot wait for a build");
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		exit(WEXITSTATUS(status)); /* it has said why */
	json_t *value = error == 0 ? json_read_bytes(bytes, length, NULL) : NULL;
	if (!WIFEXITED(status) || value == NULL)
		die("a build ended without a result (wait status %d)", status);
	read_result(value, result);
	json_decref(value);
}

void build_all(const struct lab *lab, const struct submission *submission,
	       const struct program_build *products, size_t count, const char *folder,
	       struct build_result *results)
{
	struct child *children = must_alloc(count * sizeof *children);
	for (size_t i = 0; i < count; i++)
		children[i] = start(lab, submission, &products[i], folder);
	for (size_t i = 0; i < count; i++)
		finish(&children[i], &results[i]);
	free(children);
}
