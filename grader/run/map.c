/* Reads a program's map file (run.h). It was made in a box from the student's object: believed no
 * further than its form. */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "run/runner.h"

static int by_address(const void *left, const void *right)
{
	const struct trace_function *a = left, *b = right;
	return a->address < b->address ? -1 : a->address > b->address;
}

void map_load(struct trace_map *map, const char *path)
{
	json_error_t error;
	json_t *root = path != NULL ? json_load_file(path, JSON_REJECT_DUPLICATES, &error) : NULL;
	json_t *functions = json_object_get(root, "functions"), *address;
	json_t *text = json_object_get(root, "text");
	*map = (struct trace_map){
		.text_start = (uint64_t)json_integer_value(json_array_get(text, 0)),
		.text_end = (uint64_t)json_integer_value(json_array_get(text, 1)),
	};
	if (!json_is_object(functions)) {
		json_decref(root);
		return;
	}
	map->functions = must_alloc(json_object_size(functions) * sizeof *map->functions);
	const char *name;
	json_object_foreach(functions, name, address)
	{
		if (json_is_integer(address))
			map->functions[map->function_count++] = (struct trace_function){
				(uint64_t)json_integer_value(address), must_strdup(name)
			};
	}
	qsort(map->functions, map->function_count, sizeof *map->functions, by_address);
	json_decref(root);
}
