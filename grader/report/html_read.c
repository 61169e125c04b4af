/* What a grading left in its folder, as the value that a page is made of. The names of sources are
 * the intake's, and the sources in the folder are what was graded. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "base/words.h"
#include "report/html.h"

enum { FILES_MAX = 256, SOURCE_BYTES_MAX = 256 * 1024, RECORD_BYTES_MAX = 16 * 1024 * 1024 };

char *html_source_clean(const char *bytes, size_t length)
{
	char *text = NULL;
	size_t written = 0;
	FILE *out = open_memstream(&text, &written);
	if (out == NULL)
		die("out of memory");
	for (size_t i = 0; i < length;) {
		const char *newline = memchr(bytes + i, '\n', length - i);
		const size_t end = newline != NULL ? (size_t)(newline - bytes) : length;
		AUTO_FREE char *line = text_clean(bytes + i, end - i);
		(void)fprintf(out, "%s\n", line);
		i = end + 1;
	}
	if (fclose(out) != 0 || text == NULL)
		die("out of memory");
	return text;
}

static void read_record(json_t *page, const char *folder, const char *file, const char *key)
{
	AUTO_FREE char *path = must_printf("%s/%s", folder, file);
	AUTO_FREE char *why = NULL;
	json_t *value = json_read_file(path, RECORD_BYTES_MAX, &why);
	if (value != NULL)
		json_put(page, key, value);
}

static bool ends_with(const char *name, const char *end)
{
	const size_t length = strlen(name), tail = strlen(end);
	return length > tail && strcmp(name + length - tail, end) == 0;
}

/* Bytes of a file are put where they belong, or not. */
typedef void take_fn(json_t *to, const char *name, const char *bytes, size_t length);

static void take_source(json_t *to, const char *name, const char *bytes, size_t length)
{
	AUTO_FREE char *clean = text_clean_line(name, strlen(name));
	AUTO_FREE char *text = html_source_clean(bytes, length);
	(void)json_array_append_new(to, json_make("{s:s, s:s}", "name", clean, "text", text));
}

static void take_schedule(json_t *to, const char *name, const char *bytes, size_t length)
{
	static const char end[] = ".json";
	json_t *value = ends_with(name, end) ? json_read_bytes(bytes, length, NULL) : NULL;
	AUTO_FREE char *token = must_strdup(name);
	if (value == NULL)
		return;
	token[strlen(token) - strlen(end)] = '\0';
	json_put(to, token, value);
}

static void take_plot(json_t *to, const char *name, const char *bytes, size_t length)
{
	if (ends_with(name, ".svg") && text_is_utf8(bytes, length) && strlen(bytes) == length)
		json_put_text(to, name, bytes);
}

/* All files of a folder below, as `key` of the page: `to`, which is given. */
static void read_folder(json_t *page, const char *folder, const char *key, size_t max_bytes,
			take_fn *take, json_t *to)
{
	AUTO_FREE char *below = must_printf("%s/%s", folder, key);
	struct words names = { 0 };
	if (folder_list(below, FILES_MAX, &names) != 0)
		names.count = 0;
	for (size_t i = 0; i < names.count; i++) {
		AUTO_FREE char *path = must_printf("%s/%s", below, names.item[i]);
		AUTO_FREE char *bytes = NULL;
		size_t length = 0;
		if (file_read(path, max_bytes, &bytes, &length) == 0)
			take(to, names.item[i], bytes, length);
	}
	json_put(page, key, to);
	words_fini(&names);
}

json_t *html_page_read(const char *folder)
{
	json_t *page = json_object();
	read_record(page, folder, "grade.json", "grade");
	read_record(page, folder, "run.json", "run");
	read_folder(page, folder, "sources", SOURCE_BYTES_MAX, take_source, json_array());
	read_folder(page, folder, "schedules", RECORD_BYTES_MAX, take_schedule, json_object());
	read_folder(page, folder, "plots", RECORD_BYTES_MAX, take_plot, json_object());
	return page;
}
