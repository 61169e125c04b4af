/* Whoever reads records later asks for a key and believes its type: here both are made sure. */
#include "command/evidence_forms.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "run/plot.h"
#include "run/schedule.h"

enum {
	TEXT_MAX = 64 << 10,
	LINE_MAX_BYTES = 4096,
	WORD_MAX = 16,
	COUNTS_MAX = 64,
	PLACES_MAX = 64,
	FLAT_MAX = 1000,
	LIST_MAX = 1000,
	NUMBER_MAX = 1 << 30,
};

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char hex[] = "0123456789abcdef";

static bool is_text(const json_t *value, size_t max)
{
	return json_is_string(value) && json_string_length(value) <= max;
}

static bool is_line(const json_t *value)
{
	return is_text(value, LINE_MAX_BYTES) && strpbrk(json_string_value(value), "\n\r") == NULL;
}

static bool is_made_of(const json_t *value, const char *characters, size_t min, size_t max)
{
	const char *text = json_string_value(value);
	const size_t length = json_string_length(value);
	return text != NULL && length >= min && length <= max && strspn(text, characters) == length;
}

static bool is_sum(const json_t *value)
{
	static const char head[] = "sha256:";
	const char *text = json_string_value(value);
	return text != NULL && json_string_length(value) == strlen(head) + 64 &&
	       strncmp(text, head, strlen(head)) == 0 && strspn(text + strlen(head), hex) == 64;
}

static bool is_count(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 0 &&
	       json_integer_value(value) <= (json_int_t)1 << 52;
}

/* Objects one level deep. */
static bool is_flat(const json_t *value)
{
	const char *key;
	json_t *inner;
	if (!json_is_object(value) || json_object_size(value) > COUNTS_MAX)
		return false;
	json_object_foreach((json_t *)(uintptr_t)value, key, inner)
	{
		if (json_is_object(inner) || json_is_array(inner) ||
		    (json_is_string(inner) && !is_text(inner, LINE_MAX_BYTES)))
			return false;
	}
	return true;
}

static bool is_place(const json_t *value)
{
	return form_fits(value, "place:t? file:t? line:i? function:t? thread:t? role:t?");
}

/* All of a list of at most so many. */
static bool is_list(const json_t *value, size_t max, bool (*is)(const json_t *value))
{
	size_t i;
	json_t *inner;
	if (!json_is_array(value) || json_array_size(value) > max)
		return false;
	json_array_foreach(value, i, inner)
	{
		if (!is(inner))
			return false;
	}
	return true;
}

static bool is_any_text(const json_t *value)
{
	return is_text(value, TEXT_MAX);
}

/* {"schedules":300}: what grade.json shows as evidence. */
static bool is_counts(const json_t *value)
{
	const char *key;
	json_t *inner;
	if (!is_flat(value))
		return false;
	json_object_foreach((json_t *)(uintptr_t)value, key, inner)
	{
		if (!is_count(inner))
			return false;
	}
	return true;
}

static bool is_of(const json_t *value, char type)
{
	switch (type) {
	case 's':
		return is_any_text(value);
	case 't':
		return is_line(value);
	case 'w':
		return is_made_of(value, letters, 1, WORD_MAX);
	case 'h':
		return is_made_of(value, hex, 64, 64);
	case 'H':
		return is_sum(value);
	case 'x':
		return is_made_of(value, hex, 16, 16);
	case 'b':
		return json_is_boolean(value);
	case 'i':
		return is_count(value);
	case 'n':
		return json_is_integer(value);
	case 'r':
		return json_is_number(value);
	case 'T':
		return is_list(value, LIST_MAX, is_any_text);
	case 'P':
		return is_list(value, PLACES_MAX, is_place);
	case 'C':
		return is_counts(value);
	case 'F':
		return is_list(value, FLAT_MAX, is_flat);
	case 'o':
		return json_is_object(value);
	case 'a':
		return json_is_array(value);
	default:
		return false;
	}
}

bool form_fits(const json_t *value, const char *form)
{
	size_t known = 0;
	if (!json_is_object(value))
		return false;
	for (const char *at = form; *at != '\0';) {
		char key[40];
		const size_t length = strcspn(at, ":");
		const char type = at[length + 1];
		const bool optional = at[length + 2] == '?';
		(void)snprintf(key, sizeof key, "%.*s", (int)length, at);
		const json_t *inner = json_object_get(value, key);
		if (inner == NULL ? !optional : !is_of(inner, type))
			return false;
		known += inner != NULL;
		at += length + 2 + optional;
		at += *at == ' ';
	}
	return json_object_size(value) == known;
}

bool form_is_record(const json_t *record)
{
	static const struct {
		const char *kind, *form;
	} forms[] = {
		{ "begin", "rec:t test:t build:t seed:t" },
		{ "law", "rec:t name:s held:b finding:s? what:s? why:s? detector:w? where:P?" },
		{ "end", "rec:t evidence:C" },
		{ "note", "rec:t text:s" },
		{ "fault", "rec:t why:s" },
		{ "skip", "rec:t why:s" },
		{ "control", "rec:t planted:s reported:b alone:b removed:b" },
		{ "sanitizer", "rec:t summary:s text:s" },
		{ "wall", "rec:t asleep:b cpu_us:n?" },
		{ "fact", "rec:t by:t setup:t wall:b? oom:b? cpu_limit:b? output_limit:b? "
			  "examiner_exit:n? subjects:i? peak_kib:i? cpu_ms:i? wall_ms:i? denied:F? "
			  "rings:F? step:s? errno:n? examiner_said:s?" },
	};
	const char *kind = json_text_of(record, "rec", "");
	if (strcmp(kind, "schedule") == 0)
		return schedule_is_formed(record);
	if (strcmp(kind, "plot") == 0)
		return plot_is_formed(record);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (strcmp(kind, forms[i].kind) == 0)
			return form_fits(record, forms[i].form);
	return false;
}

bool form_is_line(const json_t *place)
{
	return form_fits(place, "file:t line:i function:t?") &&
	       json_integer_value(json_object_get(place, "line")) <= NUMBER_MAX;
}
