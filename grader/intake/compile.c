/* Compiles preprocessed text in boxes that hold nothing else of the submission, several at a time.
 */
#include "intake/compile.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/text.h"
#include "intake/child.h"
#include "intake/finding.h"
#include "intake/preprocess.h"
#include "intake/tool.h"

static bool has_ending(const char *name, const char *ending)
{
	size_t length = strlen(name);
	size_t tail = strlen(ending);
	return length > tail && strcmp(name + length - tail, ending) == 0;
}

void compile_diagnostics(const struct lab_build *build, struct words *command)
{
	words_split(command, "-Wall -Wextra -ffile-prefix-map=/src/=");
	words_split(command, strcmp(build->cc, "clang") == 0
				     ? "-ferror-limit=20 -fno-color-diagnostics "
				       "-fno-caret-diagnostics"
				     : "-fmax-errors=20 -fdiagnostics-color=never "
				       "-fno-diagnostics-show-caret");
}

static void make_command(const struct lab_build *build, const char *name, struct words *command)
{
	words_addf(command, "/usr/bin/%s", build->cc);
	words_add_all(command, &build->cflags);
	words_split(command, "-fno-lto -c -o /out/object.o");
	compile_diagnostics(build, command);
	words_addf(command, "/src/%.*s.i", (int)strlen(name) - 2, name);
}

char *compile_tidy(const char *output, size_t length)
{
	static const char *const prefixes[] = { "/src/", "/labs/" };
	char *copy = must_alloc(length + 1);
	size_t used = 0;
	for (size_t i = 0; i < length;) {
		size_t skip = 0;
		for (size_t p = 0; p < sizeof prefixes / sizeof prefixes[0]; p++)
			if (length - i >= strlen(prefixes[p]) &&
			    memcmp(output + i, prefixes[p], strlen(prefixes[p])) == 0)
				skip = strlen(prefixes[p]);
		if (skip == 0)
			copy[used++] = output[i++];
		i += skip;
	}
	char *clean = text_clean(copy, used);
	free(copy);
	return clean;
}

/* "net.c:12:3: error: ..." of a file of the submission: its line and the text behind the word
 * "error". */
static const char *error_in_line(const struct submission *submission, const char *line,
				 const char **file, long *number)
{
	for (size_t i = 0; i < submission->count; i++) {
		const char *name = submission->sources[i].name;
		size_t length = strlen(name);
		if (strncmp(line, name, length) != 0 || line[length] != ':')
			continue;
		char *end = NULL;
		*number = strtol(line + length + 1, &end, 10);
		const char *text = strstr(end, "error: ");
		const char *newline = strchr(end, '\n');
		if (text == NULL || *number <= 0 || (newline != NULL && newline < text))
			continue;
		*file = name;
		return text + strlen("error: ");
	}
	return NULL;
}

json_t *compile_finding(const struct submission *submission, const char *name, const char *output)
{
	static const char why[] = "Only a program that compiles can be tested.";
	const char *file = name;
	const char *text = NULL;
	long number = 0;
	for (const char *line = output; line != NULL && text == NULL;) {
		text = error_in_line(submission, line, &file, &number);
		line = strchr(line, '\n');
		line = line != NULL ? line + 1 : NULL;
	}
	if (text == NULL) { /* nothing of theirs: stopped, or an error outside their files */
		AUTO_FREE char *what = must_printf(
			"%s does not compile: %.300s", name,
			output != NULL && *output != '\0' ? output : "the compiler was stopped.");
		json_t *finding = finding_make(
			"compile-error", "BUILD", what, why,
			"repair it until the compiler is silent, then grade again.");
		finding_add_place(finding, name, 0, NULL);
		return finding;
	}
	AUTO_FREE char *what = must_printf("%s does not compile: line %ld: %.*s", file, number,
					   (int)strcspn(text, "\n"), text);
	AUTO_FREE char *next = must_printf(
		"repair line %ld of %s (the first error; later ones are often its "
		"echo), then grade again.",
		number, file);
	json_t *finding = finding_make("compile-error", "BUILD", what, why, next);
	finding_add_place(finding, file, number, NULL);
	return finding;
}

/* How the compiler ended, if not with an error of its own. NULL if the box's limits had no part in
 * it. */
static const char *stopped_by(const struct box_result *result)
{
	switch (result->status) {
	case BOX_EXITED:
	case BOX_SETUP_FAILED:
		break;
	case BOX_SIGNALLED:
	case BOX_WALL_LIMIT:
	case BOX_CPU_LIMIT:
		return "the compiler needed more time than it is given (20 s of CPU time).";
	case BOX_MEMORY_LIMIT:
		return "the compiler needed more memory than it is given (1024 MiB).";
	case BOX_OUTPUT_LIMIT:
		return "the compiler printed more than it may.";
	case BOX_VIOLATION:
	case BOX_STATUS_COUNT:
		return "the compiler was made to do what no compiler does.";
	}
	return NULL;
}

/* The driver tells by which signal the compiler proper was ended. */
static bool ran_out_of_time(const struct box_result *result, const char *output)
{
	return result->status == BOX_CPU_LIMIT || result->status == BOX_WALL_LIMIT ||
	       result->status == BOX_SIGNALLED || strstr(output, strsignal(SIGXCPU)) != NULL;
}

bool compile_is_slow(const struct box_result *empty)
{
	enum { SLOW_US = 250000 };
	/* Without a control group CPU time may be unknown. */
	const uint64_t took_us = empty->cpu_us > 0 ? empty->cpu_us : empty->wall_us;
	return empty->status != BOX_EXITED || empty->code != 0 ||
	       took_us > (uint64_t)SLOW_US * machine_factor();
}

/* Asked once a compiler has run out of time: on an emulated machine it does so with correct sources
 * too. */
static bool machine_is_slow(void)
{
	struct tool_input input = { 0 };
	struct words command = { 0 };
	struct box_result result;
	static const char empty[] = "int empty;\n";
	tool_input_bytes(&input, empty, sizeof empty - 1, "/src/empty.i");
	words_split(&command, "/usr/bin/gcc -g -O1 -c -o /out/object.o /src/empty.i");
	tool_run(BOX_POLICY_COMPILE, &command, &input, &result);
	const bool slow = compile_is_slow(&result);
	words_fini(&command);
	tool_input_fini(&input);
	box_result_fini(&result);
	return slow;
}

json_t *compile_judge(const struct submission *submission, const char *name,
		      const struct box_result *result, const char *output)
{
	enum { BUSY_SHARE = 4 };
	if (result->status == BOX_WALL_LIMIT && result->cpu_us < result->wall_us / BUSY_SHARE)
		die("No grade: the compiler did not get the CPU time to finish. This is not your "
		    "fault and costs nothing: grade again");
	const char *stopped = stopped_by(result);
	if (stopped == NULL && result->code == 0)
		return NULL;
	if (ran_out_of_time(result, output) && machine_is_slow())
		die("No grade: this machine is so slow that the compiler's time limit says "
		    "nothing. This is not your fault and costs nothing: grade on a faster or idle "
		    "machine");
	return compile_finding(submission, name, stopped != NULL ? stopped : output);
}

/* One source; what a child is given. */
struct work {
	const struct lab_build *build;
	const struct submission *submission;
	const struct source *source;
	char *text, *object;
	struct child child;
};

static json_t *compile_one(const void *context)
{
	const struct work *work = context;
	const char *name = work->source->name;
	struct tool_input input = { 0 };
	struct words command = { 0 };
	AUTO_FREE char *to = must_printf("/src/%.*s.i", (int)strlen(name) - 2, name);
	tool_input_file(&input, work->text, to, 0444);
	make_command(work->build, name, &command);
	struct box_result result;
	tool_run(BOX_POLICY_COMPILE, &command, &input, &result);
	words_fini(&command);
	tool_input_fini(&input);
	AUTO_FREE char *output = compile_tidy(result.err, result.err_bytes);
	json_t *finding = compile_judge(work->submission, name, &result, output);
	if (finding == NULL && tool_take(&result, "object.o", work->object, 0444) != 0)
		finding = compile_finding(work->submission, name,
					  "the compiler left no object of at most 64 MiB.");
	box_result_fini(&result);
	return json_make("{s:o?, s:s}", "finding", finding, "warnings", output);
}

static size_t list_works(const struct lab_build *build, const struct submission *submission,
			 const char *folder, struct work *works)
{
	size_t count = 0;
	for (size_t i = 0; i < submission->count; i++) {
		const struct source *source = &submission->sources[i];
		const char *name = source->name;
		if (!has_ending(name, ".c"))
			continue;
		works[count++] = (struct work){
			.build = build,
			.submission = submission,
			.source = source,
			.text = preprocess_path(build, folder, name),
			.object = must_printf("%s/obj/%s/%.*s.o", folder, build->name,
					      (int)strlen(name) - 2, name),
		};
	}
	return count;
}

static json_t *finish(struct work *work, struct words *warnings)
{
	json_t *result = child_finish(&work->child);
	const char *text = json_text_of(result, "warnings", "");
	json_t *finding = json_object_get(result, "finding");
	finding = json_is_object(finding) ? json_incref(finding) : NULL;
	if (finding == NULL && *text != '\0' && !words_has(warnings, text))
		words_add(warnings, text);
	json_decref(result);
	return finding;
}

json_t *compile_sources(const struct lab_build *build, const struct submission *submission,
			const char *folder, size_t at_once, struct words *objects,
			struct words *warnings)
{
	struct work *works = must_alloc(submission->count * sizeof *works);
	const size_t count = list_works(build, submission, folder, works);
	json_t *first = NULL;
	size_t started = 0;
	for (size_t i = 0; i < count; i++) {
		for (; first == NULL && started < count && started < i + at_once; started++)
			works[started].child = child_start(compile_one, &works[started]);
		if (first == NULL) {
			first = finish(&works[i], warnings);
			words_add(objects, works[i].object);
		} else if (i < started) { /* later files' findings are often an echo */
			json_decref(child_finish(&works[i].child));
		}
	}
	for (size_t i = 0; i < count; i++) {
		free(works[i].text);
		free(works[i].object);
	}
	free(works);
	return first;
}
