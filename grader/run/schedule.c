/* One table says what each key may hold. */
#include "run/schedule.h"

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { TEXT_MAX = 256, NUMBERS_MAX = 8 };

bool schedule_is_token(const char *text)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";
	const size_t length = strlen(text);
	return length > 0 && length <= SCHEDULE_TOKEN_MAX && strspn(text, allowed) == length &&
	       isalnum((unsigned char)text[0]);
}

static bool is_text(const json_t *value)
{
	return json_is_string(value) && json_string_length(value) <= TEXT_MAX;
}

static bool is_token(const json_t *value)
{
	return json_is_string(value) && schedule_is_token(json_string_value(value));
}

static bool is_count(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 0 &&
	       json_integer_value(value) <= UINT32_MAX;
}

/* Of the script, or -1: none alone. */
static bool is_operation(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= -1 &&
	       json_integer_value(value) < SCHEDULE_OPS_MAX;
}

/* An array of `count` integers; that at `name` is a text instead. */
static bool is_row(const json_t *value, size_t count, size_t name)
{
	if (!json_is_array(value) || json_array_size(value) != count)
		return false;
	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_array_get(value, i);
		if (i == name ? !is_text(item) : !json_is_integer(item))
			return false;
	}
	return true;
}

static bool is_list(const json_t *value, size_t max, size_t count, size_t name)
{
	if (!json_is_array(value) || json_array_size(value) > max)
		return false;
	for (size_t i = 0; i < json_array_size(value); i++)
		if (!is_row(json_array_get(value, i), count, name))
			return false;
	return true;
}

static bool is_script(const json_t *value)
{
	return is_list(value, SCHEDULE_OPS_MAX, 8, 2);
}

static bool is_objects(const json_t *value)
{
	return is_list(value, SCHEDULE_OBJECTS_MAX, 5, NUMBERS_MAX);
}

static bool is_events(const json_t *value)
{
	return is_list(value, SCHEDULE_EVENTS_MAX, 8, NUMBERS_MAX);
}

static bool is_end(const json_t *value)
{
	static const char *const numbers[] = { "kind", "object" };
	static const char *const accesses[] = { "earlier", "later" };
	if (!is_count(json_object_get(value, "how")) ||
	    !is_list(json_object_get(value, "threads"), SCHEDULE_THREADS_MAX, 6, NUMBERS_MAX))
		return false;
	if (json_object_size(value) == 2)
		return true;
	for (size_t i = 0; i < 2; i++)
		if (!is_count(json_object_get(value, numbers[i])) ||
		    !is_row(json_object_get(value, accesses[i]), 4, NUMBERS_MAX))
			return false;
	return is_row(json_object_get(value, "memory"), 5, NUMBERS_MAX) &&
	       json_object_size(value) == 7;
}

static bool is_choices(const json_t *value)
{
	const char *text = json_string_value(value);
	return text != NULL && json_string_length(value) <= SCHEDULE_CHOICES_MAX * (size_t)12 &&
	       strspn(text, "0123456789abcdef* ") == json_string_length(value);
}

bool schedule_is_formed(const json_t *record)
{
	static const struct {
		const char *key;
		bool (*is)(const json_t *value);
	} fields[] = {
		{ "rec", is_text },
		{ "token", is_token },
		{ "configuration", is_text },
		{ "finding", is_text },
		{ "operation", is_operation },
		{ "flags", is_count },
		{ "spurious", is_count },
		{ "timeouts", is_count },
		{ "preemptions", is_count },
		{ "script", is_script },
		{ "objects", is_objects },
		{ "end", is_end },
		{ "events", is_events },
		{ "choices", is_choices },
	};
	const size_t count = sizeof fields / sizeof fields[0];
	for (size_t i = 0; i < count; i++)
		if (!fields[i].is(json_object_get(record, fields[i].key)))
			return false;
	return json_object_size(record) == count;
}
