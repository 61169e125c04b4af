/* libFuzzer target: the picture of any schedule. Whatever events a submission puts into the
 * examiner's memory and whatever it calls its functions, the three forms end, stay within their
 * size and width, and hold no character that a terminal or a browser would obey.
 *
 * The input: eight bytes for each event, each the number of a value of a table, up to a 0xff; what
 * follows is the text of names and lines. An input that begins with '{' is a schedule itself. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "report/lanes.h"
#include "run/schedule.h"
#include "tests/fuzz.h"
#include "tests/fuzz_tables.h"

enum { FORM_BYTES_MAX = 4 << 20 };

static json_int_t value_of(uint8_t byte)
{
	static const json_int_t odd[] = {
		-1, INT64_MAX, INT64_MIN, UINT32_MAX, 65535, 65536, 1024
	};
	return byte < 248 ? byte : odd[byte - 248];
}

static json_t *numbers(const uint8_t *data, size_t count)
{
	json_t *row = json_array();
	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(row, json_integer(value_of(data[i])));
	return row;
}

/* A record of eight-byte rows; those of kind 240 and above describe something else. */
static json_t *record_of(const uint8_t *data, size_t size, const char *name)
{
	json_t *events = json_array(), *objects = json_array(), *threads = json_array();
	json_t *script = json_array();
	json_t *end = json_make("{s:i}", "how", 2);
	for (size_t at = 0; at + 8 <= size; at += 8) {
		const uint8_t *row = data + at;
		if (row[1] < 240)
			(void)json_array_append_new(events, numbers(row, 8));
		else if (row[1] < 243)
			(void)json_array_append_new(objects, numbers(row + 2, 5));
		else if (row[1] < 247)
			(void)json_array_append_new(threads, numbers(row + 2, 6));
		else if (row[1] < 250)
			(void)json_array_append_new(script, json_make("[i,i,s,I,i,i,i,i]", row[2],
								      0, name, value_of(row[3]), 0,
								      0, row[4], row[5]));
		else
			json_put(end, row[1] < 253 ? "earlier" : "later", numbers(row + 2, 4));
	}
	json_put(end, "threads", threads);
	return json_make("{s:s, s:o, s:o, s:o, s:o}", "token", name, "script", script, "objects",
			 objects, "end", end, "events", events);
}

/* Lines 1 to 9 of two files, all with the same text. */
static json_t *file_of(json_t *record, const char *text)
{
	json_t *places = json_object(), *lines = json_object();
	for (int i = 1; i < 10; i++) {
		char key[16];
		(void)snprintf(key, sizeof key, "%d", i);
		json_put(places, key,
			 json_make("{s:s, s:i, s:s}", "file", i < 8 ? text : "b.c", "line", i,
				   "function", text));
		json_put_text(lines, key, text);
	}
	json_t *source = json_make("{s:O}", "b.c", lines);
	json_put(source, text, lines);
	return json_make("{s:s, s:{s:s, s:s, s:s}, s:o, s:o, s:o}", "test", text, "finding", "id",
			 text, "what", text, "why", text, "schedule", record, "places", places,
			 "source", source);
}

static char *draw(const struct lanes *lanes, void (*form)(FILE *out, const struct lanes *lanes))
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	DEMAND(out != NULL);
	form(out, lanes);
	DEMAND(fclose(out) == 0 && text != NULL && strlen(text) == length);
	DEMAND(length < FORM_BYTES_MAX && text_is_utf8(text, length));
	for (size_t i = 0; i < length; i++)
		DEMAND(((unsigned char)text[i] >= ' ' && text[i] != 0x7f) || text[i] == '\n');
	return text;
}

/* Every '<' begins or ends an element of ours: outside of tags there is none, within there is no
 * '<'. */
static void check_tags(const char *svg)
{
	static const char *const ours[] = { "svg",  "style", "rect", "text",    "tspan", "title",
					    "path", "g",     "defs", "pattern", "marker" };
	for (const char *at = svg; (at = strchr(at, '<')) != NULL; at++) {
		const char *name = at + 1 + (at[1] == '/');
		const size_t length = strcspn(name, " />");
		bool known = false;
		for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
			known = known ||
				(strlen(ours[i]) == length && memcmp(ours[i], name, length) == 0);
		DEMAND(known);
		const char *close = strchr(at, '>');
		DEMAND(close != NULL && memchr(at + 1, '<', (size_t)(close - at - 1)) == NULL);
	}
}

static void check(const json_t *schedule)
{
	struct lanes lanes;
	lanes_make(schedule, &lanes);
	DEMAND(lanes.count <= LANES_ROWS_MAX + LANES_MAX + 4 && lanes.threads <= LANES_MAX);
	char *text = draw(&lanes, lanes_text);
	char *svg = draw(&lanes, lanes_svg);
	check_tags(svg);
	json_t *trace = lanes_trace(&lanes);
	DEMAND(json_array_size(json_object_get(trace, "traceEvents")) > 0);
	json_decref(trace);
	free(svg);
	free(text);
	lanes_fini(&lanes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 0 && data[0] == '{') {
		json_t *schedule = json_read_bytes((const char *)data, size, NULL);
		(void)schedule_is_formed(schedule);
		if (schedule != NULL)
			check(schedule);
		json_decref(schedule);
		return 0;
	}
	const uint8_t *end = size > 0 ? memchr(data, 0xff, size) : NULL;
	const size_t events = end != NULL ? (size_t)(end - data) : size;
	char *text = end != NULL ? text_clean(end + 1, size - events - 1) : strdup("f(x)");
	DEMAND(text != NULL);
	/* Names reach us as JSON, so as UTF-8; of control characters they may have any. */
	for (char *at = text; *at != '\0'; at++)
		*at = *at == '~' ? '\033' : *at == '`' ? '\n' : *at;
	json_t *schedule = file_of(record_of(data, events, text), text);
	check(schedule);
	json_decref(schedule);
	free(text);
	return 0;
}
