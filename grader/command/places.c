/* Names of functions come from the map of the plain build; addresses have been looked up in the
 * program of the failed build. */
#include "command/places.h"

#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "judge/finding.h"

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

/* What one program says about these addresses. Returned. */
static json_t *chosen(const json_t *lines, const struct words *addresses)
{
	json_t *of = json_object();
	for (size_t i = 0; i < addresses->count; i++) {
		json_t *place = json_object_get(lines, addresses->item[i]);
		if (place != NULL)
			json_put(of, addresses->item[i], json_incref(place));
	}
	return of;
}

/* The evidence does not say which of the two programs an address belongs to: the one in which more
 * of them are lines of the student's is meant; among equals the server, whose calls are traced
 * most. */
static json_t *lines_of(const struct lab *lab, const json_t *evidence, const json_t *verdict)
{
	static const char *const programs[] = { "srv", "player" };
	const json_t *build = json_object_get(json_object_get(evidence, "lines"),
					      json_text_of(verdict, "build", ""));
	struct words addresses = { 0 };
	collect_addresses(json_object_get(verdict, "finding"), &addresses);
	json_t *best = json_object();
	for (size_t i = 0; i < 2 && addresses.count > 0; i++) {
		json_t *lines = chosen(json_object_get(build, programs[i]), &addresses);
		bool better = known_lines(lab, lines) > known_lines(lab, best);
		json_decref(better ? best : lines);
		best = better ? lines : best;
	}
	words_fini(&addresses);
	return best;
}

void places_finish(const struct lab *lab, const json_t *lab_json, const json_t *evidence,
		   const json_t *verdicts, json_t *rows)
{
	const json_t *functions = json_object_get(evidence, "functions");
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
		json_t *places = lines_of(lab, evidence, verdict);
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
	json_decref(files);
}
