/* Counts nothing rather than accuse wrongly. Optimisation moves accesses from function to function
 * (inlining, clones, memcpy as moves), but then it changes who calls whom: a function is compared
 * only if it calls, instrumented, nothing more often than plain. A function that returns a
 * structure writes to its caller's stack, which needs no hook. What stays uncovered: functions
 * without a certain access, those that call more when instrumented, and parts of functions. */
#include "intake/instrumentation.h"

#include <stdbool.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "intake/finding.h"

bool instrumentation_comparable(const struct lab_build *build)
{
	const char *level = "-O0";
	for (size_t i = 0; i < build->cflags.count; i++)
		if (strncmp(build->cflags.item[i], "-O", 2) == 0)
			level = build->cflags.item[i]; /* the last one counts */
	return lab_build_instrumented(build) &&
	       (strcmp(level, "-O0") == 0 || strcmp(level, "-O1") == 0);
}

static json_int_t count_of(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static bool calls_no_more(const json_t *instrumented, const json_t *plain)
{
	const char *name;
	json_t *count;
	/* jansson's iterator wants a value that it may change; it changes nothing. */
	json_object_foreach(json_object_get(instrumented, "calls"), name, count)
	{
		if (json_integer_value(count) > count_of(json_object_get(plain, "calls"), name))
			return false;
	}
	return true;
}

static bool lacks_hooks(const char *name, const json_t *plain, const json_t *instrumented)
{
	return strchr(name, '.') == NULL && json_is_object(instrumented) &&
	       count_of(plain, "accesses") > 0 && count_of(instrumented, "hooks") == 0 &&
	       calls_no_more(instrumented, plain);
}

static json_t *accuse(const char *file, const char *function)
{
	AUTO_FREE char *what = must_printf(
		"%s: the function %s has memory accesses that no detector was built into.", file,
		function);
	json_t *finding = finding_make(
		"policy", "POL", what,
		"A race or an overflow in it could not be seen, so its tests would prove nothing.",
		"write it in plain C without attributes and assembly.");
	finding_add_place(finding, file, 0, function);
	return finding;
}

json_t *instrumentation_finding(const json_t *plain, const json_t *instrumented)
{
	const char *file;
	json_t *object;
	json_object_foreach(json_object_get(plain, "objects"), file, object)
	{
		const json_t *other = json_object_get(json_object_get(instrumented, "objects"),
						      file);
		const json_t *returns = json_object_get(object, "returns");
		const char *name;
		json_t *function;
		json_object_foreach(json_object_get(object, "functions"), name, function)
		{
			if (json_is_object(returns) && json_object_get(returns, name) == NULL &&
			    lacks_hooks(name, function,
					json_object_get(json_object_get(other, "functions"), name)))
				return accuse(file, name);
		}
	}
	return NULL;
}
