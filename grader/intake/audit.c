/* Asks the reader in its box, then decides: what is refused comes first, then what is missing. */
#include "intake/audit.h"

#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "intake/finding.h"
#include "intake/tool.h"

static json_t *refusal(const char *file, const json_t *entry)
{
	const char *id = json_text_of(entry, "id", "policy");
	const char *function = json_text_of(entry, "symbol", NULL);
	AUTO_FREE char *what = must_printf("%s holds %s.", file,
					   json_text_of(entry, "what", "something strange"));
	json_t *finding = finding_make(
		strcmp(id, "constructor") == 0 ? "constructor" : "policy", "POL", what,
		"A submission delivers functions; it runs when it is called and not before.",
		"remove it; the lab needs no attribute and no assembly for this.");
	finding_add_place(finding, file, 0, function);
	return finding;
}

static bool has_text(const json_t *list, const char *text)
{
	size_t i;
	json_t *entry;
	json_array_foreach(list, i,
			   entry) if (json_is_string(entry) &&
				      strcmp(json_string_value(entry), text) == 0) return true;
	return false;
}

/* How many files define the function; *last is one of them. */
static size_t definitions(const json_t *report, const char *function, const char **last)
{
	size_t count = 0;
	const char *file;
	json_t *object;
	/* jansson's iterator wants a value that it may change; it changes nothing. */
	json_object_foreach(json_object_get(report, "objects"), file,
			    object) if (has_text(json_object_get(object, "globals"), function))
	{
		count++;
		*last = file;
	}
	return count;
}

static json_t *missing_function(const struct lab *lab, const char *function)
{
	AUTO_FREE char *what = must_printf("No file defines the function %s for others to call.",
					   function);
	AUTO_FREE char *why = must_printf("labs/%s/%s promises it, and the tests call it.",
					  lab->name, lab->header);
	AUTO_FREE char *next = must_printf(
		"define %s as the header declares it (it may return ENOSYS until it is written).",
		function);
	json_t *finding = finding_make("missing-function", "BUILD", what, why, next);
	finding_add_place(finding, lab->files.item[0], 0, function);
	return finding;
}

static json_t *harness_use(const char *file, const char *name)
{
	AUTO_FREE char *what = must_printf("%s uses '%s', which belongs to the harness.", file,
					   name);
	json_t *finding = finding_make("policy", "POL", what,
				       "What runs a submission is no part of what it may use.",
				       "remove it; the lab's headers declare all that is needed.");
	finding_add_place(finding, file, 0, NULL);
	return finding;
}

/* What the compiler itself asks of a detector: the reader of objects has looked at these. */
static bool is_hook(const char *name)
{
	return strncmp(name, "__tsan_", strlen("__tsan_")) == 0 ||
	       strcmp(name, "__sanitizer_cov_trace_pc") == 0;
}

/* A name that the harness defines and no file of the submission does. */
static json_t *check_imports(const json_t *report, const char *file, const json_t *object)
{
	size_t i;
	json_t *import;
	const char *definer;
	const json_t *ours = json_object_get(report, "ours");
	json_array_foreach(json_object_get(object, "imports"), i, import)
	{
		const char *name = json_string_value(import);
		if (name != NULL && !is_hook(name) && json_object_get(ours, name) != NULL &&
		    definitions(report, name, &definer) == 0)
			return harness_use(file, name);
	}
	return NULL;
}

json_t *audit_finding(const struct lab *lab, const json_t *report)
{
	const char *file;
	json_t *object;
	json_object_foreach(json_object_get(report, "objects"), file, object)
	{
		json_t *refused = json_object_get(object, "refused");
		if (json_array_size(refused) > 0)
			return refusal(file, json_array_get(refused, 0));
		json_t *finding = check_imports(report, file, object);
		if (finding != NULL)
			return finding;
	}
	for (size_t i = 0; i < lab->exports.count; i++) {
		const char *function = lab->exports.item[i];
		if (definitions(report, function, &file) == 0)
			return missing_function(lab, function);
	}
	return NULL;
}

static char *source_name(const char *object)
{
	const char *base = strrchr(object, '/');
	base = base != NULL ? base + 1 : object;
	return must_printf("%.*sc", (int)strlen(base) - 1, base);
}

/* The harness's own objects of the build, whose names a submission may not use. The platform is not
 * among them: all of its functions are declared in headers that are given. */
static void add_ours(const struct lab *lab, const struct lab_build *build, struct tool_input *input,
		     struct words *command)
{
	AUTO_FREE char *player = lab_path(lab, "build/subject/%s.a", build->name);
	AUTO_FREE char *binding = lab_path(lab, "build/labs/%s/%s/binding.o", lab->name,
					   build->name);
	AUTO_FREE char *entry = lab_path(lab, "build/labs/%s/%s/srv_main.o", lab->name,
					 build->name);
	const char *const hosts[] = { player, binding, lab->server != NULL ? entry : NULL };
	static const char *const names[] = { "/ours/player.a", "/ours/binding.o",
					     "/ours/srv_main.o" };
	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
		if (hosts[i] == NULL)
			continue;
		tool_input_file(input, hosts[i], names[i], 0444);
		words_add(command, names[i]);
	}
}

json_t *audit_objects(const struct lab *lab, const struct lab_build *build,
		      const struct words *objects, json_t **report)
{
	struct tool_input input = { 0 };
	struct words command = { 0 };
	words_add(&command, lab_build_instrumented(build) ? "instrumented" : "plain");
	add_ours(lab, build, &input, &command);
	for (size_t i = 0; i < objects->count; i++) {
		AUTO_FREE char *name = source_name(objects->item[i]);
		AUTO_FREE char *to = must_printf("/objects/%s", name);
		tool_input_file(&input, objects->item[i], to, 0444);
		words_add(&command, to);
	}
	AUTO_FREE char *reader = lab_path(lab, "build/audit");
	*report = tool_read_by(reader, &command, &input);
	words_fini(&command);
	tool_input_fini(&input);
	if (*report == NULL)
		return finding_make("policy", "POL", "The object files cannot be read.",
				    "What a compiler makes of plain C can be read.",
				    "write plain C without assembly.");
	return audit_finding(lab, *report);
}
