/* Tables of files and who writes them, and the walk over the class. */
#include "batch/outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "batch/class.h"
#include "batch/output_entry.h"
#include "batch/output_file.h"
#include "batch/sql.h"
#include "report/gradebook.h"
#include "report/html.h"
#include "report/junit.h"
#include "report/tables.h"

/* Of the whole class, from its value alone. */
static const struct {
	const char *file, *format;
	void (*write)(FILE *out, const json_t *class);
} class_files[] = {
	{ "grades.csv", "csv", report_grades_csv },
	{ "ungraded.csv", "csv", report_ungraded_csv },
	{ "report.html", "html", html_class },
};

/* Likewise, of a class whose hand-ins were compared. */
static const struct {
	const char *file, *format;
	void (*write)(FILE *out, const json_t *class);
} similar_files[] = {
	{ "similarity.csv", "csv", report_similarity_csv },
	{ "similarity.html", "html", html_similar },
};

/* Of the course system's own file. */
static const struct {
	const char *format;
	bool (*write)(FILE *out, const json_t *class, const char *given, size_t length,
		      struct words *problems);
} gradebooks[] = {
	{ "canvas", report_canvas },
	{ "moodle", report_moodle },
	{ "brightspace", report_brightspace },
};

void outputs_usual(const char *layout, struct words *formats)
{
	words_split(formats, "csv jsonl html");
	if (strcmp(layout, "canvas") == 0 || strcmp(layout, "moodle") == 0 ||
	    strcmp(layout, "brightspace") == 0)
		words_add(formats, layout);
}

void outputs_check(const struct words *formats)
{
	struct words all = { 0 };
	words_split(&all, "csv jsonl html junit canvas moodle brightspace");
	words_split(&all, output_entry_formats);
	for (size_t i = 0; i < formats->count; i++)
		if (!words_has(&all, formats->item[i]))
			die("there is no format '%s'; --formats takes, with commas: csv, jsonl, "
			    "html, "
			    "junit, tap, gradescope, autolab, classroom, canvas, moodle, "
			    "brightspace",
			    formats->item[i]);
	words_fini(&all);
}

void outputs_asked(struct store *store, struct words *formats)
{
	sqlite3_stmt *row = sql_query(store->db, "SELECT formats, layout FROM runs WHERE id = ?",
				      "i", store->run);
	if (sql_step(row) && *sql_text(row, 0) != '\0')
		words_split(formats, sql_text(row, 0));
	else
		outputs_usual(sql_text(row, 1), formats);
	sql_end(row);
}

static void write_gradebook(struct store *store, const json_t *class, size_t which)
{
	AUTO_FREE char *file = must_printf("%s.csv", gradebooks[which].format);
	AUTO_FREE char *beside = must_printf("%s-problems.txt", gradebooks[which].format);
	sqlite3_stmt *row = sql_query(
		store->db, "SELECT bytes FROM inputs WHERE run_id = ? AND kind = 'gradebook'", "i",
		store->run);
	size_t length = 0;
	const char *given = sql_step(row) ? sql_bytes(row, 0, &length) : NULL;
	struct words problems = { 0 };
	struct output output;
	output_begin(&output);
	if (gradebooks[which].write(output.stream, class, given, length, &problems))
		output_end(&output, store->out, file);
	else
		output_cancel(&output, store->out, file);
	struct output told;
	output_begin(&told);
	for (size_t i = 0; i < problems.count; i++)
		(void)fprintf(told.stream, "%s\n", problems.item[i]);
	if (problems.count > 0)
		output_end(&told, store->out, beside);
	else
		output_cancel(&told, store->out, beside);
	words_fini(&problems);
	sql_end(row);
}

/* Files with something of each grade, which are read one at a time. */
struct rows {
	struct output tests, lines, suites;
	bool csv, jsonl, junit;
};

static void write_rows(struct store *store, const json_t *class, const struct words *formats)
{
	struct rows rows = { .csv = words_has(formats, "csv"),
			     .jsonl = words_has(formats, "jsonl"),
			     .junit = words_has(formats, "junit") };
	if (!rows.csv && !rows.jsonl && !rows.junit)
		return;
	output_begin(&rows.tests);
	output_begin(&rows.lines);
	output_begin(&rows.suites);
	report_tests_csv_head(rows.tests.stream);
	report_junit_begin(rows.suites.stream, json_text_of(class, "lab", "?"), NULL);
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(class, "entries"), i, entry)
	{
		sqlite3_stmt *verdict = class_verdict(store, entry);
		json_t *grade = class_value(verdict, 1);
		json_t *run = rows.junit ? class_value(verdict, 2) : NULL;
		report_tests_csv(rows.tests.stream, entry, grade);
		report_jsonl(rows.lines.stream, class, entry, grade);
		report_junit_suite(rows.suites.stream, i, entry, grade, run);
		json_decref(grade);
		json_decref(run);
		if (verdict != NULL)
			sql_end(verdict);
	}
	report_junit_end(rows.suites.stream);
	(rows.csv ? output_end : output_cancel)(&rows.tests, store->out, "tests.csv");
	(rows.jsonl ? output_end : output_cancel)(&rows.lines, store->out, "grades.jsonl");
	(rows.junit ? output_end : output_cancel)(&rows.suites, store->out, "junit.xml");
}

static void write_similar(struct store *store, const json_t *class, const struct words *formats)
{
	const bool any = json_is_object(json_object_get(class, "similarity"));
	for (size_t i = 0; i < sizeof similar_files / sizeof similar_files[0]; i++) {
		struct output output;
		output_begin(&output);
		if (any && words_has(formats, similar_files[i].format)) {
			similar_files[i].write(output.stream, class);
			output_end(&output, store->out, similar_files[i].file);
		} else {
			output_cancel(&output, store->out, similar_files[i].file);
		}
	}
}

void outputs_class(struct store *store, const json_t *class, bool html)
{
	struct words formats = { 0 };
	outputs_asked(store, &formats);
	for (size_t i = 0; i < sizeof class_files / sizeof class_files[0]; i++) {
		if (!words_has(&formats, class_files[i].format) ||
		    (!html && strcmp(class_files[i].format, "html") == 0))
			continue;
		struct output output;
		output_begin(&output);
		class_files[i].write(output.stream, class);
		output_end(&output, store->out, class_files[i].file);
	}
	for (size_t i = 0; i < sizeof gradebooks / sizeof gradebooks[0]; i++)
		if (words_has(&formats, gradebooks[i].format))
			write_gradebook(store, class, i);
	write_rows(store, class, &formats);
	if (html)
		write_similar(store, class, &formats);
	words_fini(&formats);
}

void outputs_entry(struct store *store, const json_t *class, json_t *entry)
{
	struct words formats = { 0 };
	outputs_asked(store, &formats);
	output_entry(store, &formats, class, entry);
	words_fini(&formats);
}

static void remove_others(struct store *store, const json_t *class)
{
	AUTO_FREE char *folder = must_printf("%s/entries", store->out);
	struct words names = { 0 };
	json_t *wanted = json_object();
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(class, "entries"), i, entry)
		json_put(wanted, json_text_of(entry, "entry", "?"), json_true());
	(void)folder_list(folder, 1000000, &names);
	for (i = 0; i < names.count; i++) {
		AUTO_FREE char *path = must_printf("%s/%s", folder, names.item[i]);
		if (json_object_get(wanted, names.item[i]) == NULL)
			(void)folder_remove(path); /* if it stays, it stays */
	}
	words_fini(&names);
	json_decref(wanted);
}

void outputs_all(struct store *store)
{
	json_t *class = class_make(store);
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(class, "entries"), i, entry)
		outputs_entry(store, class, entry);
	remove_others(store, class);
	outputs_class(store, class, true);
	json_decref(class);
}
