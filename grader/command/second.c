/* A child for each build, which makes its program and runs it part by part. A child that dies takes
 * an opinion with it and nothing else. */
#include "command/second.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "intake/child.h"
#include "intake/programs.h"
#include "intake/second.h"
#include "judge/second.h"
#include "run/stress.h"

/* After so many parts that did not end, the others are not waited for: people wait for the report.
 */
enum { HANGS_MAX = 1 };

/* One build; what its child is given. */
struct work {
	const struct lab *lab;
	const struct submission *submission;
	const struct lab_build *build;
	const char *folder;
	struct words tools; /* that are asked */
	struct child child;
};

struct second {
	struct work *works;
	size_t count;
};

/* "tsan", "tsan-clang", "helgrind": what people call it. */
static const char *name_of(const struct lab_build *build, const char *tool)
{
	return strcmp(tool, "tsan") == 0 ? build->name : tool;
}

static void split(const char *detectors, struct words *names)
{
	AUTO_FREE char *copy = must_strdup(detectors != NULL ? detectors : "");
	for (char *at = copy; *at != '\0'; at++)
		if (*at == ',')
			*at = ' ';
	words_split(names, copy);
}

void second_check(const struct lab *lab, const char *detectors)
{
	struct words asked = { 0 };
	struct words known = { 0 };
	split(detectors, &asked);
	words_add(&known, "none");
	for (size_t i = 0; i < lab->second_count; i++)
		for (size_t t = 0; t < lab->seconds[i].second.count; t++)
			words_add(&known,
				  name_of(&lab->seconds[i], lab->seconds[i].second.item[t]));
	for (size_t i = 0; lab->second_count > 0 && i < asked.count; i++)
		if (!words_has(&known, asked.item[i]))
			die("there is no detector '%s'; there are tsan and tsan-clang, which are "
			    "always asked, helgrind, drd, and none",
			    asked.item[i]);
	words_fini(&known);
	words_fini(&asked);
}

static bool sources_have(const struct submission *submission, const char *word)
{
	for (size_t i = 0; i < submission->count; i++)
		if (memmem(submission->sources[i].bytes, submission->sources[i].length, word,
			   strlen(word)) != NULL)
			return true;
	return false;
}

/* Why the tool may be wrong about this submission. What is known of it: harness/README.md. Static.
 */
static const char *doubt_of(const char *tool, const struct submission *submission)
{
	const bool compiled = strcmp(tool, "tsan") == 0;
	if (compiled && sources_have(submission, "thread_fence"))
		return "this detector does not understand fences, which you use";
	if (!compiled && sources_have(submission, "atomic"))
		return "this detector does not know C11 atomics, which you use";
	if (!compiled && sources_have(submission, "pthread_cond_clockwait"))
		return "this detector does not know pthread_cond_clockwait, which you use";
	return NULL;
}

static json_t *row_make(const char *detector, const char *part, const char *about, json_t *seen)
{
	json_t *row = json_make("{s:s, s:s, s:s}", "detector", detector, "part", part, "about",
				about);
	(void)json_object_update(row, seen);
	json_decref(seen);
	return row;
}

static json_t *failure(const char *what)
{
	return json_make("{s:s, s:s}", "saw", "error", "what", what);
}

/* The addresses of all frames, and later their lines. */
static void locate(const struct second_program *program, json_t *run)
{
	struct words addresses = { 0 };
	size_t r, s, f;
	json_t *report, *stack, *frame, *lines = NULL;
	for (int pass = 0; pass < 2; pass++) {
		json_array_foreach(json_object_get(run, "reports"), r, report)
			json_array_foreach(json_object_get(report, "stacks"), s, stack)
				json_array_foreach(stack, f, frame)
		{
			const char *at = json_text_of(frame, "at", NULL);
			if (at != NULL && pass == 0 && !words_has(&addresses, at))
				words_add(&addresses, at);
			if (at != NULL && pass == 1)
				(void)json_object_update(frame, json_object_get(lines, at));
		}
		if (pass == 0 && addresses.count > 0)
			lines = programs_lines(program->path, &addresses);
	}
	json_decref(lines);
	words_fini(&addresses);
}

static json_t *try_part(const struct work *work, const struct second_program *program,
			const char *tool, const char *part)
{
	const struct stress_job job = {
		.tool = tool,
		.program = program->path,
		.part = part,
		.libraries = program->libraries.files,
		.policy = (enum box_policy)box_policy_find(work->lab->policy),
	};
	json_t *files = json_array();
	for (size_t i = 0; i < work->lab->files.count; i++)
		(void)json_array_append_new(files, json_string(work->lab->files.item[i]));
	json_t *run = stress_run(&job);
	locate(program, run);
	json_t *seen = second_judge(run, files);
	json_decref(run);
	json_decref(files);
	return seen;
}

static void try_tool(const struct work *work, const struct second_program *program,
		     const char *tool, json_t *rows)
{
	const struct lab *lab = work->lab;
	const char *doubt = doubt_of(tool, work->submission);
	size_t hangs = 0;
	for (size_t i = 0; i < lab->second_parts.count; i++) {
		json_t *seen = hangs < HANGS_MAX
				       ? try_part(work, program, tool, lab->second_parts.item[i])
				       : failure("not tried, since another part did not end");
		hangs += strcmp(json_text_of(seen, "saw", ""), "hang") == 0;
		if (strcmp(json_text_of(seen, "saw", ""), "untried") == 0) {
			json_decref(seen); /* an empty skeleton */
			continue;
		}
		if (doubt != NULL)
			json_put_text(seen, "doubt", doubt);
		(void)json_array_append_new(rows, row_make(name_of(work->build, tool),
							   lab->second_parts.item[i],
							   lab->second_abouts.item[i], seen));
	}
}

/* What a child says to people goes to a file: the grading goes on. */
static void quiet(const struct work *work)
{
	AUTO_FREE char *path = must_printf("%s/second.%s.log", work->folder, work->build->name);
	AUTO_FD int log = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (log < 0 || dup2(log, STDERR_FILENO) < 0)
		die_errno(errno, "cannot write %s", path);
}

static json_t *ask(const void *context)
{
	const struct work *work = context;
	json_t *rows = json_array();
	struct second_program program = { 0 };
	quiet(work);
	const bool made = second_lacks(work->build) == NULL &&
			  second_make(work->lab, work->build, work->submission, work->folder,
				      &program);
	for (size_t i = 0; i < work->tools.count; i++) {
		const char *tool = work->tools.item[i];
		const char *lack = second_lacks(work->build);
		if (lack == NULL)
			lack = stress_lacks(tool);
		if (lack == NULL && !made)
			lack = "its program could not be made of this submission";
		if (lack != NULL)
			(void)json_array_append_new(
				rows, row_make(name_of(work->build, tool), "", "", failure(lack)));
		else
			try_tool(work, &program, tool, rows);
	}
	second_program_fini(&program);
	return json_make("{s:o}", "rows", rows);
}

struct second *second_start(const struct lab *lab, const struct submission *submission,
			    const char *folder, const char *detectors)
{
	struct words asked = { 0 };
	split(detectors, &asked);
	const size_t builds = words_has(&asked, "none") ? 0 : lab->second_count;
	struct second *second = must_alloc(sizeof *second);
	*second = (struct second){ .works = must_alloc((builds + 1) * sizeof *second->works) };
	for (size_t i = 0; i < builds; i++) {
		const struct lab_build *build = &lab->seconds[i];
		struct work *work = &second->works[second->count];
		*work = (struct work){
			.lab = lab, .submission = submission, .build = build, .folder = folder
		};
		for (size_t t = 0; t < build->second.count; t++)
			if (strcmp(build->second.item[t], "tsan") == 0 ||
			    words_has(&asked, build->second.item[t]))
				words_add(&work->tools, build->second.item[t]);
		if (work->tools.count == 0)
			continue;
		work->child = child_start(ask, work);
		second->count++;
	}
	words_fini(&asked);
	return second;
}

json_t *second_finish(struct second *second)
{
	json_t *seen = json_array();
	for (size_t i = 0; second != NULL && i < second->count; i++) {
		struct work *work = &second->works[i];
		json_t *result = child_result(&work->child);
		json_t *rows = json_object_get(result, "rows");
		for (size_t t = 0; rows == NULL && t < work->tools.count; t++) {
			AUTO_FREE char *what = must_printf("it failed by our fault; second.%s.log "
							   "beside run.json tells how",
							   work->build->name);
			(void)json_array_append_new(
				seen, row_make(name_of(work->build, work->tools.item[t]), "", "",
					       failure(what)));
		}
		(void)json_array_extend(seen, rows);
		json_decref(result);
		words_fini(&work->tools);
	}
	if (second != NULL)
		free(second->works);
	free(second);
	return seen;
}
