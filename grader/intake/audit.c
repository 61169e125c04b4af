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

json_t *audit_finding(const struct lab *lab, const json_t *report)
{
	const char *file;
	json_t *object;
	json_object_foreach(json_object_get(report, "objects"), file, object)
	{
		json_t *refused = json_object_get(object, "refused");
		if (json_array_size(refused) > 0)
			return refusal(file, json_array_get(refused, 0));
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

json_t *audit_objects(const struct lab *lab, const struct words *objects, bool instrumented)
{
	struct tool_input input = { 0 };
	struct words command = { 0 };
	words_add(&command, "tool-audit");
	words_add(&command, instrumented ? "instrumented" : "plain");
	for (size_t i = 0; i < objects->count; i++) {
		AUTO_FREE char *name = source_name(objects->item[i]);
		AUTO_FREE char *to = must_printf("/objects/%s", name);
		tool_input_file(&input, objects->item[i], to, 0444);
		words_add(&command, to);
	}
	json_t *report = tool_read(&command, &input);
	words_fini(&command);
	tool_input_fini(&input);
	json_t *finding = NULL;
	if (report == NULL)
		finding = finding_make("policy", "POL", "The object files cannot be read.",
				       "What a compiler makes of plain C can be read.",
				       "write plain C without assembly.");
	else
		finding = audit_finding(lab, report);
	json_decref(report);
	return finding;
}
