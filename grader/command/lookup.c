/* Evidence does not say which of two programs an address of a broken law belongs to: it is looked
 * up in both. A schedule is always the player's. */
#include "command/lookup.h"

#include <stdint.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "run/schedule.h"

enum { MAP_BYTES_MAX = 16 << 20, LINES_BYTES_MAX = 8 << 20, NAME_BYTES_MAX = 128 };

static bool is_name(const char *text)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_.$";
	const size_t length = strlen(text);
	return length > 0 && length <= NAME_BYTES_MAX && strspn(text, allowed) == length;
}

/* The server's functions and the player's are the same student's functions: either map will do. */
json_t *lookup_functions(const struct programs *programs)
{
	json_t *functions = json_object();
	for (size_t i = 0; i < programs->build_count && programs->finding == NULL; i++) {
		json_t *map = json_read_file(programs->builds[i].player_map, MAP_BYTES_MAX, NULL);
		const char *name;
		json_t *place;
		json_object_foreach(json_object_get(map, "lines"), name, place)
		{
			if (is_name(name) && json_object_get(functions, name) == NULL)
				json_put(functions, name, json_incref(place));
		}
		json_decref(map);
	}
	return functions;
}

static void add_number(json_t *addresses, const json_t *row, size_t i)
{
	const json_int_t pc = json_integer_value(json_array_get(row, i));
	AUTO_FREE char *address = must_printf("0x%llx", (unsigned long long)pc);
	if (pc > 0 && pc <= UINT32_MAX)
		json_put(addresses, address, json_true());
}

static void add_column(json_t *addresses, const json_t *list, size_t column)
{
	size_t i;
	json_t *row;
	json_array_foreach(list, i, row) add_number(addresses, row, column);
}

void lookup_schedule(const json_t *schedule, json_t *addresses)
{
	const json_t *end = json_object_get(schedule, "end");
	add_column(addresses, json_object_get(schedule, "events"), 5);
	add_column(addresses, json_object_get(schedule, "objects"), 2);
	add_column(addresses, json_object_get(end, "threads"), 5);
	add_number(addresses, json_object_get(end, "earlier"), 2);
	add_number(addresses, json_object_get(end, "later"), 2);
}

static void add_law(const json_t *law, json_t *addresses)
{
	size_t i;
	json_t *place;
	json_array_foreach(json_object_get(law, "where"), i, place)
	{
		const char *address = json_text_of(place, "place", "");
		const size_t digits = strspn(address, "0123456789abcdefx");
		if (strncmp(address, "0x", 2) == 0 && address[digits] == '\0' &&
		    digits <= strlen("0x") + 16)
			json_put(addresses, address, json_true());
	}
}

/* What one job names, of broken laws and of schedules. */
static void add_records(const json_t *records, json_t *of_laws, json_t *of_schedules)
{
	size_t i;
	json_t *record;
	json_array_foreach(records, i, record)
	{
		const char *kind = json_text_of(record, "rec", "");
		if (strcmp(kind, "law") == 0 && json_is_false(json_object_get(record, "held")))
			add_law(record, of_laws);
		if (strcmp(kind, "schedule") == 0 && schedule_is_formed(record))
			lookup_schedule(record, of_schedules);
	}
}

/* Adds to *lines what the program says about these addresses. */
static void ask(const char *program, json_t *addresses, json_t *lines)
{
	struct words asked = { 0 };
	const char *address;
	json_t *value;
	if (program == NULL || json_object_size(addresses) == 0)
		return;
	json_object_foreach(addresses, address, value) words_add(&asked, address);
	json_t *found = programs_lines(program, &asked);
	(void)json_object_update(lines, found);
	json_decref(found);
	words_fini(&asked);
}

/* Those of a program that is given: the Makefile has looked them up. */
static void ask_given(const struct lab *lab, const char *build, const char *given,
		      json_t *addresses, json_t *lines)
{
	AUTO_FREE char *path = lab_path(lab, "build/labs/%s/%s/%s.lines", lab->name, build, given);
	char *why = NULL;
	if (json_object_size(addresses) == 0)
		return;
	json_t *known = json_read_file(path, LINES_BYTES_MAX, &why);
	if (known == NULL)
		die("cannot read %s (%s): run make", path, why);
	const char *address;
	json_t *value;
	json_object_foreach(addresses, address, value)
	{
		json_t *place = json_object_get(known, address);
		if (place != NULL)
			json_put(lines, address, json_incref(place));
	}
	json_decref(known);
}

static json_t *lines_of(const struct lab *lab, const struct program_build *product, json_t *records)
{
	const char *build = product->build->name;
	json_t *of_laws = json_object(), *of_schedules = json_object();
	json_t *srv = json_object(), *player = json_object();
	json_t *lines = json_make("{s:o, s:o}", "srv", srv, "player", player);
	const char *job;
	json_t *list;
	json_object_foreach(records, job, list)
	{
		const size_t cut = strcspn(job, " ");
		AUTO_FREE char *id = must_printf("%.*s", (int)cut, job);
		if (job[cut] == '\0' || strcmp(job + cut + 1, build) != 0)
			continue;
		const char *given = lab_given(lab, id);
		json_t *own = given != NULL ? json_object() : json_incref(of_schedules);
		add_records(list, of_laws, own);
		if (given != NULL && json_object_size(own) > 0) {
			if (json_object_get(lines, given) == NULL)
				json_put(lines, given, json_object());
			ask_given(lab, build, given, own, json_object_get(lines, given));
		}
		json_decref(own);
	}
	ask(product->srv, of_laws, srv);
	ask(product->player, of_laws, player);
	ask(product->player, of_schedules, player);
	json_decref(of_laws);
	json_decref(of_schedules);
	return lines;
}

json_t *lookup_lines(const struct lab *lab, const struct programs *programs, json_t *records)
{
	json_t *lines = json_object();
	for (size_t i = 0; i < programs->build_count && programs->finding == NULL; i++)
		json_put(lines, programs->builds[i].build->name,
			 lines_of(lab, &programs->builds[i], records));
	return lines;
}
