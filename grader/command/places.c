/* Names of functions come from the map of the plain build; addresses are looked up in the program
 * of the failed build. */
#include "command/places.h"

#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "judge/finding.h"

enum { MAP_BYTES_MAX = 16 * 1024 * 1024 };

/* The server's functions and the player's are the same student's functions: either map will do. */
static json_t *functions_of(const struct programs *programs)
{
	json_t *functions = json_object();
	for (size_t i = 0; i < programs->build_count && programs->finding == NULL; i++) {
		json_t *map = json_read_file(programs->builds[i].player_map, MAP_BYTES_MAX, NULL);
		json_t *lines = json_object_get(map, "lines");
		if (lines != NULL)
			(void)json_object_update_missing(functions, lines);
		json_decref(map);
	}
	return functions;
}

static json_t *files_of(const struct lab *lab)
{
	json_t *files = json_array();
	for (size_t i = 0; i < lab->files.count; i++)
		(void)json_array_append_new(files, json_string(lab->files.item[i]));
	return files;
}

static void collect_addresses(const json_t *finding, struct words *addresses)
{
	size_t i;
	json_t *place;
	json_array_foreach(json_object_get(finding, "where"), i, place)
	{
		const char *address = json_text_of(place, "place", NULL);
		if (address != NULL && strncmp(address, "0x", 2) == 0 &&
		    !words_has(addresses, address))
			words_add(addresses, address);
	}
}

/* How many of the addresses lie at a line of a file of the lab. */
static size_t known_lines(const struct lab *lab, const json_t *lines)
{
	size_t known = 0;
	const char *address;
	json_t *place;
	json_t *mutable_lines = json_deep_copy(lines);
	json_object_foreach(mutable_lines, address, place)
		known += words_has(&lab->files, json_text_of(place, "file", ""));
	json_decref(mutable_lines);
	return known;
}

/* The evidence does not say which of the two programs an address belongs to: the one in which more
 * of them are lines of the student's is meant; among equals the server, whose calls are traced
 * most. */
static json_t *lines_of(const struct lab *lab, const struct programs *programs,
			const json_t *verdict)
{
	const struct program_build *product = programs->finding == NULL
						      ? programs_build(
								programs,
								json_text_of(verdict, "build", ""))
						      : NULL;
	struct words addresses = { 0 };
	collect_addresses(json_object_get(verdict, "finding"), &addresses);
	json_t *best = json_object();
	const char *const paths[] = { product != NULL ? product->srv : NULL,
				      product != NULL ? product->player : NULL };
	for (size_t i = 0; i < 2 && addresses.count > 0; i++) {
		if (paths[i] == NULL)
			continue;
		json_t *lines = programs_lines(paths[i], &addresses);
		bool better = known_lines(lab, lines) > known_lines(lab, best);
		json_decref(better ? best : lines);
		best = better ? lines : best;
	}
	words_fini(&addresses);
	return best;
}

void places_finish(const struct lab *lab, const json_t *lab_json, const struct programs *programs,
		   const json_t *verdicts, json_t *rows)
{
	json_t *functions = functions_of(programs);
	json_t *files = files_of(lab);
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		const json_t *finding = json_object_get(row, "finding");
		if (finding == NULL)
			continue;
		json_t *test = json_array_get(json_object_get(lab_json, "tests"), i);
		json_t *verdict = json_object_get(verdicts, json_text_of(row, "id", ""));
		json_t *places = lines_of(lab, programs, verdict);
		const struct finding_context context = { .lab_number = lab->number,
							 .files = files,
							 .functions = functions,
							 .places = places };
		const char *token = json_text_of(finding, "token", NULL);
		if (token != NULL)
			json_put_text(row, "replay", token);
		json_put(row, "finding", finding_finish(test, finding, &context));
		json_decref(places);
	}
	json_decref(functions);
	json_decref(files);
}
