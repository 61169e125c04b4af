/* Names and places: what the record has as numbers, in the submission's own words. A lock is called
 * what the source calls it where it is first used: "q->lock" from pthread_mutex_init(&q->lock,
 * NULL). */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/text.h"
#include "report/lanes.h"
#include "report/lanes_numbers.h"

enum { NAME_MAX = 24, OBJECTS_MAX = 1024, PROGRAM_MAX = 120, ARGUMENT_MAX = 1000000 };

static unsigned number_at(const json_t *row, size_t i)
{
	const json_int_t value = json_integer_value(json_array_get(row, i));
	return value < 0 || value > UINT32_MAX ? UINT32_MAX : (unsigned)value;
}

static json_t *clean_text(const char *text)
{
	AUTO_FREE char *clean = text_clean_line(text, strlen(text));
	return json_string(clean);
}

static void copy_head(json_t *clean, const json_t *from, const char *key)
{
	json_put(clean, key, clean_text(json_text_of(from, key, "")));
}

static json_t *clean_places(json_t *from)
{
	json_t *places = json_object();
	const char *pc;
	json_t *place;
	json_object_foreach(from, pc, place)
	{
		const char *file = json_text_of(place, "file", NULL);
		const json_int_t line = json_integer_value(json_object_get(place, "line"));
		if (file == NULL || line <= 0 || line > INT32_MAX)
			continue;
		json_t *copy = json_make("{s:o, s:I}", "file", clean_text(file), "line", line);
		copy_head(copy, place, "function");
		json_put(places, pc, copy);
	}
	return places;
}

static json_t *clean_source(json_t *from)
{
	json_t *source = json_object();
	const char *file, *line;
	json_t *lines, *text;
	json_object_foreach(from, file, lines)
	{
		json_t *copy = json_object();
		json_object_foreach(lines, line, text) if (json_is_string(text))
			json_put(copy, line, clean_text(json_string_value(text)));
		AUTO_FREE char *name = text_clean_line(file, strlen(file));
		json_put(source, name, copy);
	}
	return source;
}

static json_t *clean_all(const struct lanes *lanes)
{
	const json_t *finding = json_object_get(lanes->file, "finding");
	json_t *clean = json_object();
	copy_head(clean, lanes->file, "test");
	copy_head(clean, lanes->record, "token");
	copy_head(clean, lanes->record, "configuration");
	copy_head(clean, finding, "id");
	copy_head(clean, finding, "what");
	copy_head(clean, finding, "why");
	json_put(clean, "places", clean_places(json_object_get(lanes->file, "places")));
	json_put(clean, "source", clean_source(json_object_get(lanes->file, "source")));
	return clean;
}

const char *lanes_head(const struct lanes *lanes, const char *key)
{
	return json_text_of(lanes->clean, key, "");
}

char *lanes_preemptions(const struct lanes *lanes)
{
	const json_int_t count = json_integer_value(json_object_get(lanes->record, "preemptions"));
	if (count <= 0)
		return must_strdup(
			"No thread is interrupted: they change only where one has to wait "
			"or ends.");
	if (count == 1)
		return must_strdup("One interruption of a thread is enough for it.");
	return must_printf(
		"%lld interruptions of threads are enough for it; fewer were tried and were "
		"not.",
		(long long)count);
}

struct lane_place lanes_place(const struct lanes *lanes, uint32_t pc)
{
	AUTO_FREE char *key = must_printf("%u", pc);
	const json_t *place = json_object_get(json_object_get(lanes->clean, "places"), key);
	const char *file = json_text_of(place, "file", NULL);
	const json_int_t line = json_integer_value(json_object_get(place, "line"));
	if (file == NULL)
		return (struct lane_place){ 0 };
	AUTO_FREE char *number = must_printf("%lld", (long long)line);
	const json_t *lines = json_object_get(json_object_get(lanes->clean, "source"), file);
	return (struct lane_place){ .file = file,
				    .function = json_text_of(place, "function", NULL),
				    .code = json_text_of(lines, number, NULL),
				    .line = (long)line };
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

char *lanes_argument(const char *code)
{
	static const char *const calls[] = { "pthread_", "sem_",    "mtx_",
					     "cnd_",     "atomic_", "cl_futex_" };
	const char *at = NULL;
	for (size_t i = 0; code != NULL && i < sizeof calls / sizeof calls[0]; i++) {
		const char *found = strstr(code, calls[i]);
		if (found != NULL && (found == code || !is_word(found[-1])) &&
		    (at == NULL || found < at))
			at = found;
	}
	if (at == NULL)
		return NULL;
	while (is_word(*at))
		at++;
	if (*at++ != '(')
		return NULL;
	at += strspn(at, " &");
	const size_t length = strcspn(at, ",();");
	if (length == 0 || length > NAME_MAX || at[length] == '(' || at[length] == '\0')
		return NULL;
	return must_printf("%.*s", (int)length, at);
}

/* Two objects of one name cannot be told apart by it. */
static void number_twins(struct lanes *lanes)
{
	for (size_t i = 0; i < lanes->object_count; i++) {
		unsigned twins = 1;
		for (size_t j = i + 1; j < lanes->object_count; j++) {
			struct lane_object *other = &lanes->objects[j];
			if (strcmp(lanes->objects[i].name, other->name) != 0)
				continue;
			char *longer = must_printf("%s (%u)", other->name, ++twins);
			free(other->name);
			other->name = longer;
		}
		if (twins == 1)
			continue;
		char *longer = must_printf("%s (1)", lanes->objects[i].name);
		free(lanes->objects[i].name);
		lanes->objects[i].name = longer;
	}
}

static void name_objects(struct lanes *lanes)
{
	const json_t *list = json_object_get(lanes->record, "objects");
	const size_t count = json_array_size(list);
	lanes->object_count = count < OBJECTS_MAX ? count : OBJECTS_MAX;
	lanes->objects = must_alloc((lanes->object_count + 1) * sizeof *lanes->objects);
	for (size_t i = 0; i < lanes->object_count; i++) {
		const json_t *row = json_array_get(list, i);
		const struct lane_place at = lanes_place(lanes, number_at(row, 2));
		const char *kind = lanes_object_kind(number_at(row, 0));
		char *name = lanes_argument(at.code);
		lanes->objects[i] = (struct lane_object){
			.kind = number_at(row, 0),
			.name = name != NULL ? name : must_strdup(kind),
		};
	}
	number_twins(lanes);
}

/* "bq_push(7), bq_push(8)" for each thread. */
static void name_programs(struct lanes *lanes)
{
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(lanes->record, "script"), i, row)
	{
		const unsigned thread = number_at(row, 0);
		const char *name = json_string_value(json_array_get(row, 2));
		if (thread >= LANES_MAX || name == NULL)
			continue;
		AUTO_FREE char *clean = text_clean_line(name, strlen(name));
		char *before = lanes->program[thread];
		if (before != NULL && strlen(before) > PROGRAM_MAX)
			continue;
		lanes->program[thread] = must_printf("%s%s%s", before != NULL ? before : "",
						     before != NULL ? ", " : "", clean);
		free(before);
	}
}

static void find_one_file(struct lanes *lanes)
{
	const char *file = NULL;
	const char *key;
	json_t *place;
	json_t *places = json_object_get(lanes->clean, "places");
	json_object_foreach(places, key, place)
	{
		const char *other = json_text_of(place, "file", "");
		if (file != NULL && strcmp(file, other) != 0)
			return;
		file = other;
	}
	lanes->one_file = file;
}

void lanes_name(struct lanes *lanes)
{
	lanes->clean = clean_all(lanes);
	name_objects(lanes);
	name_programs(lanes);
	find_one_file(lanes);
}
