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

static void read_sources(json_t *page, const char *folder)
{
	AUTO_FREE char *below = must_printf("%s/sources", folder);
	struct words names = { 0 };
	json_t *sources = json_array();
	if (folder_list(below, FILES_MAX, &names) != 0)
		names.count = 0;
	for (size_t i = 0; i < names.count; i++) {
		AUTO_FREE char *path = must_printf("%s/%s", below, names.item[i]);
		AUTO_FREE char *bytes = NULL;
		size_t length = 0;
		if (file_read(path, SOURCE_BYTES_MAX, &bytes, &length) != 0)
			continue;
		AUTO_FREE char *name = text_clean_line(names.item[i], strlen(names.item[i]));
		AUTO_FREE char *text = html_source_clean(bytes, length);
		(void)json_array_append_new(sources,
					    json_make("{s:s, s:s}", "name", name, "text", text));
	}
	json_put(page, "sources", sources);
	words_fini(&names);
}

static bool ends_with(const char *name, const char *end)
{
	const size_t length = strlen(name), tail = strlen(end);
	return length > tail && strcmp(name + length - tail, end) == 0;
}

static void read_schedules(json_t *page, const char *folder)
{
	AUTO_FREE char *below = must_printf("%s/schedules", folder);
	struct words names = { 0 };
	json_t *schedules = json_object();
	if (folder_list(below, FILES_MAX, &names) != 0)
		names.count = 0;
	for (size_t i = 0; i < names.count; i++) {
		AUTO_FREE char *token = must_strdup(names.item[i]);
		if (!ends_with(token, ".json"))
			continue;
		token[strlen(token) - strlen(".json")] = '\0';
		read_record(schedules, below, names.item[i], token);
	}
	json_put(page, "schedules", schedules);
	words_fini(&names);
}

static void read_plots(json_t *page, const char *folder)
{
	AUTO_FREE char *below = must_printf("%s/plots", folder);
	struct words names = { 0 };
	json_t *plots = json_object();
	if (folder_list(below, FILES_MAX, &names) != 0)
		names.count = 0;
	for (size_t i = 0; i < names.count; i++) {
		AUTO_FREE char *path = must_printf("%s/%s", below, names.item[i]);
		AUTO_FREE char *bytes = NULL;
		size_t length = 0;
		if (ends_with(names.item[i], ".svg") &&
		    file_read(path, RECORD_BYTES_MAX, &bytes, &length) == 0 &&
		    text_is_utf8(bytes, length) && strlen(bytes) == length)
			json_put_text(plots, names.item[i], bytes);
	}
	json_put(page, "plots", plots);
	words_fini(&names);
}

json_t *html_page_read(const char *folder)
{
	json_t *page = json_object();
	read_record(page, folder, "grade.json", "grade");
	read_record(page, folder, "run.json", "run");
	read_sources(page, folder);
	read_schedules(page, folder);
	read_plots(page, folder);
	return page;
}
