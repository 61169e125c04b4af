/* Answers what is about things that were given before the job: the texts that a submission holds,
 * and the lines of a program of ours. */
#include <stdlib.h>
#include <string.h>

#include "run/runner.h"

enum { TEXT_PAGE = 16 << 10 }; /* bytes of one reply; twice as many as hex */

static const struct run_text *text_find(const struct run_job *spec, const char *name)
{
	for (size_t i = 0; i < spec->text_count; i++)
		if (strcmp(spec->texts[i].name, name) == 0)
			return &spec->texts[i];
	return NULL;
}

/* {"ok":true,"bytes":N,"hex":"..."} from an offset, at most a page; {"ok":true,"missing":true} with
 * "why" if something else is in its place. */
static json_t *on_text(struct runner *runner, json_t *question)
{
	static const char digits[] = "0123456789abcdef";
	static char hex[2 * TEXT_PAGE + 1];
	const struct run_text *text = text_find(runner->spec, ask_text(question, "name"));
	const json_int_t offset = ask_number(question, "offset");
	if (text == NULL)
		return ask_refuse("the lab has no such text");
	if (text->bytes == NULL)
		return json_pack("{s:b,s:b,s:s}", "ok", 1, "missing", 1, "why",
				 text->why != NULL ? text->why : "");
	if (offset < 0 || (size_t)offset > text->length)
		return ask_refuse("the text is not that long");
	const size_t left = text->length - (size_t)offset;
	const size_t count = left < TEXT_PAGE ? left : TEXT_PAGE;
	for (size_t i = 0; i < count; i++) {
		const unsigned char byte = (unsigned char)text->bytes[(size_t)offset + i];
		hex[2 * i] = digits[byte >> 4];
		hex[2 * i + 1] = digits[byte & 15];
	}
	return json_pack("{s:b,s:I,s:s%}", "ok", 1, "bytes", (json_int_t)text->length, "hex", hex,
			 2 * count);
}

/* {"ok":true,"lines":[[pc,"bug1.c",31],...]}, by pc. */
static json_t *on_lines(struct runner *runner)
{
	json_error_t error;
	json_t *places = runner->spec->lines != NULL
				 ? json_load_file(runner->spec->lines, JSON_REJECT_DUPLICATES,
						  &error)
				 : NULL;
	if (!json_is_object(places)) {
		json_decref(places);
		return ask_refuse("the lines of this program are not known");
	}
	json_t *lines = json_array(), *place;
	const char *address;
	json_object_foreach(places, address, place) json_array_append_new(
		lines, json_pack("[I,O,O]", strtoll(address, NULL, 16),
				 json_object_get(place, "file"), json_object_get(place, "line")));
	json_decref(places);
	return json_pack("{s:b,s:o}", "ok", 1, "lines", lines);
}

json_t *ask_given(struct runner *runner, const char *ask, json_t *question)
{
	if (strcmp(ask, "text") == 0)
		return on_text(runner, question);
	return on_lines(runner);
}
