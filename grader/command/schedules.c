/* Puts names and lines, which were looked up before, to the numbers of a schedule. */
#include "command/schedules.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "command/lookup.h"
#include "intake/collect.h"
#include "run/schedule.h"

enum { FILE_BYTES_MAX = 8 << 20, GRADINGS_MAX = 100000, LABS_MAX = 64, GIVEN_FILES_MAX = 100 };

static const char format[] = "interleave-schedule/1";

/* The record that a row's token belongs to, and the build in which it was seen; NULL: none. */
static const json_t *record_of(const json_t *evidence, const json_t *verdicts, const json_t *row,
			       const char **build)
{
	const char *token = json_text_of(row, "replay", NULL);
	const char *id = json_text_of(row, "id", "?");
	*build = json_text_of(json_object_get(verdicts, id), "build", "");
	AUTO_FREE char *key = must_printf("%s %s", id, *build);
	size_t i;
	json_t *record;
	if (token != NULL && schedule_is_token(token))
		json_array_foreach(
			json_object_get(json_object_get(evidence, "records"), key), i,
			record) if (strcmp(json_text_of(record, "rec", ""), "schedule") == 0 &&
				    strcmp(json_text_of(record, "token", ""), token) == 0 &&
				    schedule_is_formed(record)) return record;
	return NULL;
}

/* The lines of a source file that places of it name, as {"51":"..."}; harmless text. Returned. */
static json_t *quote(const char *path, const char *file, json_t *places)
{
	AUTO_FREE char *text = NULL;
	size_t length = 0;
	json_t *wanted = json_object();
	json_t *lines = json_object();
	const char *pc;
	json_t *place;
	json_object_foreach(places, pc, place)
	{
		AUTO_FREE char *number = must_printf(
			"%lld", (long long)json_integer_value(json_object_get(place, "line")));
		if (strcmp(json_text_of(place, "file", ""), file) == 0)
			json_put(wanted, number, json_true());
	}
	if (file_read(path, SOURCE_BYTES_MAX, &text, &length) != 0)
		length = 0;
	const char *at = text;
	for (long line = 1; length > 0; line++) {
		const char *end = memchr(at, '\n', length);
		const size_t bytes = end != NULL ? (size_t)(end - at) : length;
		AUTO_FREE char *number = must_printf("%ld", line);
		AUTO_FREE char *clean = json_object_get(wanted, number) != NULL
						? text_clean_line(at, bytes)
						: NULL;
		if (clean != NULL)
			json_put_text(lines, number, clean);
		at += bytes + (end != NULL);
		length -= bytes + (end != NULL);
	}
	json_decref(wanted);
	return lines;
}

/* Places of these files among the lines, by the number of the record. Returned. */
static json_t *places_of(const struct words *files, const json_t *lines, const json_t *record)
{
	json_t *places = json_object();
	json_t *pcs = json_object();
	const char *address;
	json_t *value;
	lookup_schedule(record, pcs);
	json_object_foreach(pcs, address, value)
	{
		const json_t *line = json_object_get(lines, address);
		if (!words_has(files, json_text_of(line, "file", "")))
			continue;
		const char *function = json_text_of(line, "function", "");
		AUTO_FREE char *clean = text_clean_line(function, strlen(function));
		AUTO_FREE char *pc = must_printf("%lld", strtoll(address, NULL, 16));
		json_put(places, pc,
			 json_make("{s:s, s:I, s:s}", "file", json_text_of(line, "file", ""),
				   "line", json_integer_value(json_object_get(line, "line")),
				   "function", clean));
	}
	json_decref(pcs);
	return places;
}

static json_t *schedule_file(const struct lab *lab, const char *folder, const json_t *row,
			     const json_t *record, const json_t *lines)
{
	const char *given = lab_given(lab, json_text_of(row, "id", "?"));
	struct words files = { 0 };
	AUTO_FREE char *buggy = lab_path(lab, "labs/%s/buggy", lab->name);
	if (given == NULL)
		words_add_all(&files, &lab->files);
	else if (folder_list(buggy, GIVEN_FILES_MAX, &files) != 0)
		die("cannot list %s", buggy);
	json_t *source = json_object();
	json_t *places = places_of(&files, lines, record);
	for (size_t i = 0; i < files.count; i++) {
		AUTO_FREE char *path = given != NULL ? lab_path(lab, "labs/%s/buggy/%s", lab->name,
								files.item[i])
						     : must_printf("%s/sources/%s", folder,
								   files.item[i]);
		json_put(source, files.item[i], quote(path, files.item[i], places));
	}
	words_fini(&files);
	return json_make("{s:s, s:s, s:s, s:s, s:O, s:O, s:o, s:o}", "format", format, "lab",
			 lab->name, "test", json_text_of(row, "id", "?"), "title",
			 json_text_of(row, "title", "?"), "finding",
			 json_object_get(row, "finding"), "schedule", record, "places", places,
			 "source", source);
}

static void write_one(const char *folder, json_t *file, const char *token)
{
	AUTO_FREE char *schedules = must_printf("%s/schedules", folder);
	AUTO_FREE char *path = must_printf("%s/%s.json", schedules, token);
	int error = folder_make(schedules);
	if (error == 0)
		error = json_write_file(path, file);
	if (error != 0)
		die_errno(error, "cannot write %s", path);
}

void schedules_write(const struct lab *lab, const char *folder, const json_t *evidence,
		     const json_t *verdicts, const json_t *rows)
{
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		const char *build = NULL;
		const json_t *record = record_of(evidence, verdicts, row, &build);
		if (record == NULL)
			continue;
		const char *given = lab_given(lab, json_text_of(row, "id", "?"));
		const json_t *lines = json_object_get(
			json_object_get(json_object_get(evidence, "lines"), build),
			given != NULL ? given : "player");
		json_t *file = schedule_file(lab, folder, row, record, lines);
		json_put_text(file, "build", build);
		json_put_text(file, "seed", json_text_of(evidence, "seed", "?"));
		write_one(folder, file, json_text_of(row, "replay", ""));
		json_decref(file);
	}
}

/* The path of the newest file of a token. Returned (free), NULL if there is none. */
static char *newest(const char *root, const char *token)
{
	AUTO_FREE char *runs = must_printf("%s/build/run", root);
	struct words labs = { 0 };
	struct timespec best = { 0 };
	char *found = NULL;
	(void)folder_list(runs, LABS_MAX, &labs);
	for (size_t i = 0; i < labs.count; i++) {
		AUTO_FREE char *lab = must_printf("%s/%s", runs, labs.item[i]);
		struct words gradings = { 0 };
		(void)folder_list(lab, GRADINGS_MAX, &gradings);
		for (size_t j = 0; j < gradings.count; j++) {
			char *path = must_printf("%s/%s/schedules/%s.json", lab, gradings.item[j],
						 token);
			struct stat info;
			const bool newer = stat(path, &info) == 0 && S_ISREG(info.st_mode) &&
					   (info.st_mtim.tv_sec > best.tv_sec ||
					    (info.st_mtim.tv_sec == best.tv_sec &&
					     info.st_mtim.tv_nsec > best.tv_nsec));
			if (newer) {
				best = info.st_mtim;
				free(found);
			}
			if (newer)
				found = path;
			else
				free(path);
		}
		words_fini(&gradings);
	}
	words_fini(&labs);
	return found;
}

bool schedules_is_one(const json_t *file)
{
	return strcmp(json_text_of(file, "format", ""), format) == 0 &&
	       schedule_is_formed(json_object_get(file, "schedule"));
}

json_t *schedules_find(const char *root, const char *token)
{
	AUTO_FREE char *path = newest(root, token);
	char *why = NULL;
	if (path == NULL)
		return NULL;
	json_t *file = json_read_file(path, FILE_BYTES_MAX, &why);
	if (file == NULL)
		die("cannot read %s (%s): grade again", path, why);
	if (!schedules_is_one(file))
		die("%s is damaged, or of another version: grade again", path);
	return file;
}

char *schedules_folder(const char *root, const char *token)
{
	AUTO_FREE char *path = newest(root, token);
	const char *below = path != NULL ? strstr(path, "/schedules/") : NULL;
	for (const char *next = below; next != NULL; next = strstr(next + 1, "/schedules/"))
		below = next;
	return below != NULL ? must_printf("%.*s", (int)(below - path), path) : NULL;
}
