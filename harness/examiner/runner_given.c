/* What was there before the job: texts of the submission, lines of a given program. A text is any
 * bytes; it comes in pages, as hex. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "code_lines.h"
#include "evidence.h"
#include "runner.h"

enum { TEXT_MAX = 1 << 20 };

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Writes what a page holds; returns how many bytes. */
static size_t read_page(const json_t *reply, char *to, size_t room)
{
	const json_t *page = json_object_get(reply, "hex");
	const char *hex = json_string_value(page);
	const size_t count = json_string_length(page) / 2;

	if (!hex || count > room)
		fault("the runner's text is not as long as it says");
	for (size_t i = 0; i < count; i++) {
		const int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
		if (high < 0 || low < 0)
			fault("the runner's text is no hex");
		to[i] = (char)(high << 4 | low);
	}
	return count;
}

/* A page of a text, from an offset (returned). */
static json_t *ask_page(const char *name, size_t offset)
{
	return runner_ask(
		json_pack("{ss ss sI}", "ask", "text", "name", name, "offset", (json_int_t)offset));
}

char *runner_text(const char *name, size_t *length, const char **why)
{
	static char reason[64];
	json_t *reply = ask_page(name, 0);
	const json_int_t all = json_integer_value(json_object_get(reply, "bytes"));

	if (json_is_true(json_object_get(reply, "missing"))) {
		const char *said = json_string_value(json_object_get(reply, "why"));
		(void)snprintf(reason, sizeof(reason), "%s", said ? said : "");
		*why = reason;
		json_decref(reply);
		return NULL;
	}
	char *text = all >= 0 && all <= TEXT_MAX ? malloc((size_t)all + 1) : NULL;
	if (!text)
		fault("a text of %lld bytes", (long long)all);
	*length = (size_t)all;
	for (size_t used = 0; used < *length;) {
		const size_t got = read_page(reply, text + used, *length - used);
		if (!got) {
			free(text);
			fault("the runner's text ends early");
		}
		used += got;
		json_decref(reply);
		reply = ask_page(name, used);
	}
	json_decref(reply);
	text[*length] = '\0';
	return text;
}

static int by_pc(const void *left, const void *right)
{
	const struct code_line *a = left, *b = right;

	return a->pc < b->pc ? -1 : a->pc > b->pc;
}

void runner_lines(struct code_lines *out)
{
	json_t *reply = runner_ask(json_pack("{ss}", "ask", "lines"));
	json_t *list = json_object_get(reply, "lines"), *row;
	size_t i;

	*out = (struct code_lines){ .at = calloc(json_array_size(list) + 1, sizeof(*out->at)) };
	if (!out->at)
		fault("no memory for lines");
	json_array_foreach(list, i, row)
	{
		struct code_line *line = &out->at[out->count++];
		const char *file = json_string_value(json_array_get(row, 1));
		line->pc = (uint32_t)json_integer_value(json_array_get(row, 0));
		line->line = (uint32_t)json_integer_value(json_array_get(row, 2));
		if (!file || strlen(file) >= sizeof(line->file))
			fault("a place without a file");
		memcpy(line->file, file, strlen(file));
	}
	qsort(out->at, out->count, sizeof(*out->at), by_pc);
	json_decref(reply);
}
