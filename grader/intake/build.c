/* Builds differ in flags only, so they are made side by side: a child for each, which has a child
 * for each of its compilers. */
#include "intake/build.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "intake/audit.h"
#include "intake/child.h"
#include "intake/compile.h"
#include "intake/finding.h"
#include "intake/instrumentation.h"
#include "intake/link.h"

/* What a child is given. */
struct work {
	const struct lab *lab;
	const struct submission *submission;
	const struct program_build *product;
	const char *folder;
	size_t at_once; /* compilers */
	struct child child;
	json_t *value; /* what the child has sent */
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

/* One of the two programs of a build, in a child of its own. */
struct seat {
	const struct work *work;
	bool server;
};

static json_t *make_program(const void *context)
{
	const struct seat *seat = context;
	const struct work *work = seat->work;
	const struct program_build *product = work->product;
	json_t *finding = link_program(work->lab, product->build, seat->server, work->folder);
	if (finding == NULL)
		finding = seat->server ? write_map(product->srv, product->srv_map)
				       : write_map(product->player, product->player_map);
	return json_make("{s:o?}", "finding", finding);
}

static json_t *make_programs(const struct work *work)
{
	const struct seat seats[] = { { work, true }, { work, false } };
	struct child children[2];
	json_t *first = NULL;
	const size_t none = work->product->srv != NULL ? 0 : 1; /* without a server */
	for (size_t i = none; i < 2; i++)
		children[i] = child_start(make_program, &seats[i]);
	for (size_t i = none; i < 2; i++) {
		json_t *result = child_finish(&children[i]);
		json_t *finding = json_object_get(result, "finding");
		if (first == NULL && json_is_object(finding))
			first = json_incref(finding);
		json_decref(result);
	}
	return first;
}

static json_t *build_one(const void *context)
{
	const struct work *work = context;
	const struct lab *lab = work->lab;
	const struct lab_build *build = work->product->build;
	AUTO_FREE char *own = must_printf("%s/obj/%s", work->folder, build->name);
	int error = folder_make(own);
	if (error != 0)
		die_errno(error, "cannot make %s", own);
	struct words objects = { 0 };
	struct words warnings = { 0 };
	json_t *report = NULL;
	long long begin = clock_ms();
	json_t *finding = compile_sources(build, work->submission, work->folder, work->at_once,
					  &objects, &warnings);
	if (lab_build_instrumented(build))
		words_fini(&warnings);
	long long compiled = clock_ms();
	if (finding == NULL)
		finding = audit_objects(lab, build, &objects, &report);
	long long audited = clock_ms();
	if (finding == NULL)
		finding = link_student(lab, build, &objects, work->folder);
	if (finding == NULL)
		finding = make_programs(work);
	json_t *texts = json_array();
	for (size_t i = 0; i < warnings.count; i++)
		(void)json_array_append_new(texts, json_string(warnings.item[i]));
	words_fini(&objects);
	words_fini(&warnings);
	return json_make("{s:o?, s:o?, s:o, s:I, s:I, s:I}", "finding", finding, "report", report,
			 "warnings", texts, "compile_ms", (json_int_t)(compiled - begin),
			 "audit_ms", (json_int_t)(audited - compiled), "link_ms",
			 (json_int_t)(clock_ms() - audited));
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

/* Each instrumented build beside the first plain one. */
static void compare(const struct work *works, size_t count, struct build_result *results)
{
	size_t plain = 0;
	while (plain < count && lab_build_instrumented(works[plain].product->build))
		plain++;
	for (size_t i = 0; i < count && plain < count; i++)
		if (i != plain && results[i].finding == NULL && results[plain].finding == NULL &&
		    instrumentation_comparable(works[i].product->build))
			results[i].finding = instrumentation_finding(
				json_object_get(works[plain].value, "report"),
				json_object_get(works[i].value, "report"));
}

/* For each of the builds: in all two for each core, since memory is bounded, too. */
static size_t compilers_at_once(size_t builds)
{
	const long cores = sysconf(_SC_NPROCESSORS_ONLN);
	return ((cores > 0 ? (size_t)cores * 2 : 2) + builds - 1) / builds;
}

void build_all(const struct lab *lab, const struct submission *submission,
	       const struct program_build *products, size_t count, const char *folder,
	       struct build_result *results)
{
	struct work *works = must_alloc(count * sizeof *works);
	for (size_t i = 0; i < count; i++) {
		works[i] = (struct work){ .lab = lab,
					  .submission = submission,
					  .product = &products[i],
					  .folder = folder,
					  .at_once = compilers_at_once(count) };
		works[i].child = child_start(build_one, &works[i]);
	}
	for (size_t i = 0; i < count; i++) {
		works[i].value = child_finish(&works[i].child);
		read_result(works[i].value, &results[i]);
	}
	compare(works, count, results);
	for (size_t i = 0; i < count; i++)
		json_decref(works[i].value);
	free(works);
}
