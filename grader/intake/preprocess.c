/* The same text for all builds of a compiler: a source cannot ask which of them it is in, by
 * whatever macro, and what the audit has read is what is compiled. */
#include "intake/preprocess.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "intake/child.h"
#include "intake/compile.h"
#include "intake/finding.h"
#include "intake/token_rules.h"
#include "intake/tool.h"

enum { HEADERS_MAX = 1000 };

/* What a child is given. */
struct work {
	const struct lab *lab;
	const struct lab_build *build;
	const struct submission *submission;
	const struct source *source;
	const char *folder;
	struct child child;
};

static bool has_ending(const char *name, const char *ending)
{
	size_t length = strlen(name);
	size_t tail = strlen(ending);
	return length > tail && strcmp(name + length - tail, ending) == 0;
}

/* All headers of one folder of labs/, but for names that the student hands in. */
static void add_headers(const struct lab *lab, const char *folder, struct tool_input *input)
{
	AUTO_FREE char *host = lab_path(lab, "labs/%s", folder);
	struct words names = { 0 };
	int error = folder_list(host, HEADERS_MAX, &names);
	if (error != 0)
		die_errno(error, "cannot list %s", host);
	for (size_t i = 0; i < names.count; i++) {
		if (!has_ending(names.item[i], ".h") || words_has(&lab->files, names.item[i]))
			continue;
		AUTO_FREE char *from = must_printf("%s/%s", host, names.item[i]);
		AUTO_FREE char *to = must_printf("/labs/%s/%s", folder, names.item[i]);
		tool_input_file(input, from, to, 0444);
	}
	words_fini(&names);
}

static void add_input(const struct work *work, struct tool_input *input)
{
	add_headers(work->lab, "common", input);
	add_headers(work->lab, work->lab->name, input);
	for (size_t i = 0; i < work->lab->used_labs.count; i++)
		add_headers(work->lab, work->lab->used_labs.item[i], input);
	for (size_t i = 0; i < work->submission->count; i++) {
		const struct source *source = &work->submission->sources[i];
		AUTO_FREE char *to = must_printf("/src/%s", source->name);
		tool_input_bytes(input, source->bytes, source->length, to);
	}
}

/* The flags of the build without its sanitizers: with them the compiler would define macros that
 * tell of them. Comments stay, since gcc's warning of a missing break reads them. */
static void make_command(const struct work *work, struct words *command)
{
	words_addf(command, "/usr/bin/%s", work->build->cc);
	for (size_t i = 0; i < work->build->cflags.count; i++)
		if (strstr(work->build->cflags.item[i], "sanitize") == NULL)
			words_add(command, work->build->cflags.item[i]);
	compile_diagnostics(work->build, command);
	if (strcmp(work->build->cc, "clang") != 0) /* which has a limit of its own, 200 */
		words_add(command, "-fmax-include-depth=64");
	words_split(command, "-iquote /src -I /labs -E -C -o /out/text.i");
	words_addf(command, "/src/%s", work->source->name);
}

char *preprocess_path(const struct lab_build *build, const char *folder, const char *source)
{
	return must_printf("%s/text/%s/%.*s.i", folder, build->cc, (int)strlen(source) - 2, source);
}

static json_t *preprocess(const struct work *work, const char *path, char **warnings)
{
	struct tool_input input = { 0 };
	struct words command = { 0 };
	struct box_result result;
	add_input(work, &input);
	make_command(work, &command);
	tool_run(BOX_POLICY_COMPILE, &command, &input, &result);
	words_fini(&command);
	tool_input_fini(&input);
	*warnings = compile_tidy(result.err, result.err_bytes);
	json_t *finding = compile_judge(work->submission, work->source->name, &result, *warnings);
	if (finding == NULL && tool_take(&result, "text.i", path, 0444) != 0)
		finding = compile_finding(work->submission, work->source->name,
					  "the preprocessor left no text of at most 64 MiB.");
	box_result_fini(&result);
	return finding;
}

json_t *preprocess_finding(const struct lab *lab, const char *name, const json_t *report)
{
	const char *file;
	json_t *list;
	json_t *finding = NULL;
	/* jansson's iterator wants a value that it may change; it changes nothing. */
	json_object_foreach(json_object_get(report, "files"), file, list)
	{
		const char *shown = words_has(&lab->files, file) ? file : name;
		if (finding == NULL && json_array_size(list) > 0)
			finding = token_finding(shown, json_array_get(list, 0));
	}
	return finding;
}

/* path NULL: only the raw file, which is a header. */
static json_t *audit(const struct work *work, const char *path)
{
	const struct source *source = work->source;
	struct tool_input input = { 0 };
	struct words command = { 0 };
	AUTO_FREE char *raw = must_printf("/raw/%s", source->name);
	words_split(&command, "tool-tokens");
	words_add(&command, words_has(&work->lab->assembler, source->name) ? "assembler" : "plain");
	words_add(&command, raw);
	tool_input_bytes(&input, source->bytes, source->length, raw);
	if (path != NULL) {
		tool_input_file(&input, path, "/text.i", 0444);
		words_add(&command, "/text.i");
	}
	json_t *report = tool_read(&command, &input);
	words_fini(&command);
	tool_input_fini(&input);
	json_t *finding = json_is_object(json_object_get(report, "files"))
				  ? preprocess_finding(work->lab, source->name, report)
				  : finding_make("policy", "POL", "A source cannot be read.",
						 "What people write can be read within 20 s.",
						 "write plain C without large macros.");
	json_decref(report);
	return finding;
}

static json_t *work_on(const void *context)
{
	const struct work *work = context;
	AUTO_FREE char *path = has_ending(work->source->name, ".c")
				       ? preprocess_path(work->build, work->folder,
							 work->source->name)
				       : NULL;
	AUTO_FREE char *warnings = NULL;
	json_t *finding = path != NULL ? preprocess(work, path, &warnings) : NULL;
	if (finding == NULL)
		finding = audit(work, path);
	return json_make("{s:o?, s:s}", "finding", finding, "warnings",
			 warnings != NULL ? warnings : "");
}

/* The first build of each compiler stands for all of its builds. */
static bool is_first_of_compiler(const struct lab *lab, size_t build)
{
	for (size_t i = 0; i < build; i++)
		if (strcmp(lab->builds[i].cc, lab->builds[build].cc) == 0)
			return false;
	return true;
}

static json_t *finish(struct work *work, struct words *warnings)
{
	json_t *result = child_finish(&work->child);
	const char *text = json_text_of(result, "warnings", "");
	if (warnings != NULL && *text != '\0' && !words_has(warnings, text))
		words_add(warnings, text);
	json_t *finding = json_object_get(result, "finding");
	finding = json_is_object(finding) ? json_incref(finding) : NULL;
	json_decref(result);
	return finding;
}

static json_t *preprocess_for(const struct work *common, struct words *warnings)
{
	const struct submission *submission = common->submission;
	struct work *works = must_alloc(submission->count * sizeof *works);
	json_t *first = NULL;
	AUTO_FREE char *text = must_printf("%s/text/%s", common->folder, common->build->cc);
	int error = folder_make(text);
	if (error != 0)
		die_errno(error, "cannot make %s", text);
	for (size_t i = 0; i < submission->count; i++) {
		works[i] = *common;
		works[i].source = &submission->sources[i];
		works[i].child = child_start(work_on, &works[i]);
	}
	for (size_t i = 0; i < submission->count; i++) {
		json_t *finding = finish(&works[i], warnings);
		if (first == NULL)
			first = finding;
		else
			json_decref(finding);
	}
	free(works);
	return first;
}

json_t *preprocess_sources(const struct lab *lab, const struct submission *submission,
			   const char *folder, struct words *warnings)
{
	json_t *finding = NULL;
	for (size_t i = 0; i < lab->build_count && finding == NULL; i++) {
		const struct work common = { .lab = lab,
					     .build = &lab->builds[i],
					     .submission = submission,
					     .folder = folder };
		if (is_first_of_compiler(lab, i))
			finding = preprocess_for(&common, i == 0 ? warnings : NULL);
	}
	return finding;
}

json_t *preprocess_build(const struct lab *lab, const struct lab_build *build,
			 const struct submission *submission, const char *folder)
{
	const struct work common = {
		.lab = lab, .build = build, .submission = submission, .folder = folder
	};
	return preprocess_for(&common, NULL);
}
