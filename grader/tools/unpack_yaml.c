/* YAML as JSON, from a stream of events: no tags, no aliases, no surprises. */
#include <stdbool.h>
#include <string.h>
#include <yaml.h>

#include "base/die.h"
#include "base/json.h"
#include "base/text.h"
#include "tools/unpack.h"

enum { DEPTH_MAX = 16 };

/* What is being filled: an object waits for a key or for that key's value. */
struct level {
	json_t *value;
	char *key;
};

struct reader {
	yaml_parser_t parser;
	struct level levels[DEPTH_MAX];
	size_t depth;
	json_t *root;
};

/* Puts a value where it belongs; given. False: there is no place for it. */
static bool place(struct reader *reader, json_t *value)
{
	if (reader->depth == 0) {
		bool first = reader->root == NULL;
		if (first)
			reader->root = json_incref(value);
		json_decref(value);
		return first;
	}
	struct level *level = &reader->levels[reader->depth - 1];
	if (json_is_array(level->value))
		return json_array_append_new(level->value, value) == 0;
	if (level->key == NULL || json_object_get(level->value, level->key) != NULL) {
		json_decref(value);
		return false;
	}
	bool good = json_object_set_new(level->value, level->key, value) == 0;
	free(level->key);
	level->key = NULL;
	return good;
}

static bool take_scalar(struct reader *reader, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;
	if (event->data.scalar.tag != NULL || memchr(text, '\0', length) != NULL)
		return false;
	struct level *level = reader->depth > 0 ? &reader->levels[reader->depth - 1] : NULL;
	if (level != NULL && json_is_object(level->value) && level->key == NULL) {
		level->key = must_strdup(*text == ':' ? text + 1 : text);
		return true;
	}
	/* libyaml has checked that it is UTF-8. */
	json_t *value = json_stringn(text, length);
	return value != NULL && place(reader, value);
}

static bool begin(struct reader *reader, json_t *value, const yaml_char_t *tag)
{
	if (tag != NULL || reader->depth == DEPTH_MAX ||
	    (reader->depth > 0 && json_is_object(reader->levels[reader->depth - 1].value) &&
	     reader->levels[reader->depth - 1].key == NULL)) {
		json_decref(value);
		return false;
	}
	if (!place(reader, json_incref(value))) {
		json_decref(value);
		return false;
	}
	/* It belongs to what it was put into. */
	json_decref(value);
	reader->levels[reader->depth++] = (struct level){ .value = value };
	return true;
}

static bool end(struct reader *reader)
{
	return reader->depth > 0 && reader->levels[--reader->depth].key == NULL;
}

static bool take_event(struct reader *reader, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return take_scalar(reader, event);
	case YAML_MAPPING_START_EVENT:
		return begin(reader, json_object(), event->data.mapping_start.tag);
	case YAML_SEQUENCE_START_EVENT:
		return begin(reader, json_array(), event->data.sequence_start.tag);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		return end(reader);
	case YAML_ALIAS_EVENT:
		return false;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return true;
	}
	return false;
}

json_t *unpack_yaml(void)
{
	struct reader reader = { .root = NULL };
	if (!yaml_parser_initialize(&reader.parser))
		die("out of memory");
	yaml_parser_set_input_file(&reader.parser, stdin);
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	bool good = true;
	for (bool more = true; good && more;) {
		yaml_event_t event;
		good = yaml_parser_parse(&reader.parser, &event) == 1;
		if (!good)
			break;
		more = event.type != YAML_STREAM_END_EVENT;
		good = take_event(&reader, &event);
		yaml_event_delete(&event);
	}
	while (reader.depth > 0)
		free(reader.levels[--reader.depth].key);
	yaml_parser_delete(&reader.parser);
	if (good && reader.root != NULL)
		return reader.root;
	json_decref(reader.root);
	return json_null();
}
