/* What one person gets. */
#include "batch/output_entry.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "batch/class.h"
#include "batch/names.h"
#include "batch/objects.h"
#include "batch/output_file.h"
#include "batch/output_text.h"
#include "batch/sql.h"
#include "report/forms.h"
#include "report/html.h"
#include "report/junit.h"

enum { SOURCES_MAX = 100 };

/* Sum of all that the files are made of. */
static void stamp_make(const struct words *formats, const json_t *class, const json_t *entry,
		       const char *verdict, char out[static HASH_HEX_BYTES])
{
	AUTO_FREE char *text = json_text(entry);
	struct hash hash;
	hash_init(&hash);
	hash_text(&hash, json_text_of(class, "grade_key", ""));
	hash_text(&hash, verdict);
	hash_text(&hash, text);
	for (size_t i = 0; i < formats->count; i++)
		hash_text(&hash, formats->item[i]);
	hash_final_hex(&hash, out);
}

static bool is_made(const char *folder, const char *stamp)
{
	AUTO_FREE char *path = must_printf("%s/.made", folder);
	AUTO_FREE char *old = NULL;
	size_t length = 0;
	return file_read(path, HASH_HEX_BYTES, &old, &length) == 0 && strcmp(old, stamp) == 0;
}

const char output_entry_formats[] = "html junit tap gradescope autolab classroom";

/* What is handed in, as the page shows it: the canonical files, without folders. */
static json_t *sources_of(struct store *store, const char *hash)
{
	AUTO_FREE char *folder = object_path(store->out, hash);
	struct words names = { 0 };
	json_t *sources = json_array();
	(void)folder_list(folder, SOURCES_MAX, &names); /* a page without sources is one, too */
	for (size_t i = 0; i < names.count; i++) {
		AUTO_FREE char *path = must_printf("%s/%s", folder, names.item[i]);
		AUTO_FREE char *bytes = NULL;
		size_t length = 0;
		if (!file_exists(path) || file_read(path, SOURCE_BYTES_MAX, &bytes, &length) != 0)
			continue;
		AUTO_FREE char *clean = html_source_clean(bytes, length);
		(void)json_array_append_new(
			sources, json_make("{s:s, s:s}", "name", names.item[i], "text", clean));
	}
	words_fini(&names);
	return sources;
}

/* schedules/TOKEN.json as values, plots/TEST.svg as texts. */
static void put_pictures(struct store *store, json_t *page, long long verdict)
{
	json_t *schedules = json_object();
	json_t *plots = json_object();
	sqlite3_stmt *row = sql_query(
		store->db, "SELECT name, bytes FROM pictures WHERE verdict_id = ? ORDER BY name",
		"i", verdict);
	while (sql_step(row)) {
		const char *name = sql_text(row, 0);
		const char *base = path_base(name);
		size_t length = 0;
		const char *bytes = sql_bytes(row, 1, &length);
		if (strncmp(name, "plots/", 6) == 0) {
			json_put(plots, base, json_stringn(bytes, length));
			continue;
		}
		AUTO_FREE char *token = must_printf("%.*s",
						    (int)strlen(base) - (int)strlen(".json"), base);
		json_t *value = json_read_bytes(bytes, length, NULL);
		if (value != NULL)
			json_put(schedules, token, value);
	}
	sql_end(row);
	json_put(page, "schedules", schedules);
	json_put(page, "plots", plots);
}

static json_t *page_of(struct store *store, const json_t *class, json_t *entry, json_t *grade,
		       json_t *run, long long verdict)
{
	static const char *const keys[] = { "lab", "lab_number", "title", "seed", "parts" };
	json_t *head = json_object();
	json_t *page = json_object();
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		json_put(head, keys[i], json_incref(json_object_get(class, keys[i])));
	json_put(page, "class", head);
	json_put(page, "entry", json_incref(entry));
	json_put(page, "grade", grade != NULL ? json_incref(grade) : json_null());
	json_put(page, "run", run != NULL ? json_incref(run) : json_null());
	json_put(page, "sources", sources_of(store, json_text_of(entry, "submission", "")));
	put_pictures(store, page, verdict);
	return page;
}

/* What a writer may want. */
struct given {
	const json_t *class, *entry, *grade, *run;
	json_t *page;
};

static void write_html(FILE *out, const struct given *given)
{
	html_student(out, given->page);
}
static void write_junit(FILE *out, const struct given *given)
{
	report_junit_begin(out, json_text_of(given->class, "lab", "?"), NULL);
	report_junit_suite(out, 0, given->entry, given->grade, given->run);
	report_junit_end(out);
}
static void write_tap(FILE *out, const struct given *given)
{
	report_tap(out, given->grade, 13);
}
static void write_gradescope(FILE *out, const struct given *given)
{
	(void)report_gradescope(out, given->grade, given->run); /* it has a score */
}
static void write_autolab(FILE *out, const struct given *given)
{
	report_autolab(out, given->grade, false);
}
static void write_classroom(FILE *out, const struct given *given)
{
	report_classroom_result(out, given->grade, given->run);
}
static void write_text(FILE *out, const struct given *given)
{
	output_text(out, given->class, given->entry, given->grade, given->page);
}

static const struct {
	const char *file, *format; /* format NULL: always */
	void (*write)(FILE *out, const struct given *given);
	bool ungraded; /* there is one without a grade, too */
} files[] = {
	{ "report.txt", NULL, write_text, false },
	{ "report.html", "html", write_html, true },
	{ "junit.xml", "junit", write_junit, true },
	{ "out.tap", "tap", write_tap, false },
	{ "results.json", "gradescope", write_gradescope, false },
	{ "autolab.txt", "autolab", write_autolab, false },
	{ "classroom.txt", "classroom", write_classroom, false },
};

static void write_files(struct store *store, const char *folder, const struct words *formats,
			const json_t *class, json_t *entry, sqlite3_stmt *row)
{
	json_t *grade = class_value(row, 1);
	json_t *run = class_value(row, 2);
	json_t *page = page_of(store, class, entry, grade, run,
			       row != NULL ? sql_number(row, 0, 0) : 0);
	const struct given given = { class, entry, grade, run, page };
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		if ((files[i].format != NULL && !words_has(formats, files[i].format)) ||
		    (grade == NULL && !files[i].ungraded))
			continue;
		struct output output;
		output_begin(&output);
		files[i].write(output.stream, &given);
		output_end(&output, folder, files[i].file);
	}
	json_decref(page);
	json_decref(grade);
	json_decref(run);
}

/* The exact bytes. */
static void write_records(const char *folder, sqlite3_stmt *row)
{
	size_t length = 0;
	const char *grade = sql_bytes(row, 1, &length);
	output_bytes(folder, "grade.json", grade, length);
	const char *run = sql_bytes(row, 2, &length);
	output_bytes(folder, "run.json", run, length);
}

void output_entry(struct store *store, const struct words *formats, const json_t *class,
		  json_t *entry)
{
	AUTO_FREE char *folder = must_printf("%s/entries/%s", store->out,
					     json_text_of(entry, "entry", "?"));
	char stamp[HASH_HEX_BYTES];
	sqlite3_stmt *row = class_verdict(store, entry);
	stamp_make(formats, class, entry, row != NULL ? sql_text(row, 3) : "", stamp);
	if (!is_made(folder, stamp)) {
		(void)folder_remove(folder); /* of another state; folder_make tells */
		int error = folder_make(folder);
		if (error != 0)
			die_errno(error, "cannot make %s", folder);
		if (row != NULL)
			write_records(folder, row);
		write_files(store, folder, formats, class, entry, row);
		output_bytes(folder, ".made", stamp, strlen(stamp));
	}
	if (row != NULL)
		sql_end(row);
}
