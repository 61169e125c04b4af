/* build/test/forms: prints one form of files that are given, for tests/formats.sh, whose parsers
 * then say whether it is one. Usage: forms KIND FILE...; what the files are stands in the table
 * below. Exit 2: a file is no JSON, or there is no such form. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/csv.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "report/forms.h"
#include "report/gradebook.h"
#include "report/junit.h"
#include "report/tables.h"

enum { FILES_MAX = 16, FILE_BYTES_MAX = 64 * 1024 * 1024 };

struct files {
	const char *const *path;
	int count;
	json_t *value[FILES_MAX]; /* of those that are JSON; NULL: there is none */
};

static json_t *read_value(const char *path)
{
	AUTO_FREE char *why = NULL;
	json_t *value = json_read_file(path, FILE_BYTES_MAX, &why);
	if (value == NULL)
		die("%s: %s", path, why);
	return value;
}

/* GRADE [RUN] */
static bool print_form(const char *kind, const struct files *files)
{
	const json_t *grade = files->value[0];
	const json_t *run = files->value[1];
	if (strcmp(kind, "gradescope") == 0)
		return report_gradescope(stdout, grade, run);
	if (strncmp(kind, "autolab", 7) == 0)
		report_autolab(stdout, grade, strcmp(kind, "autolab-parts") == 0);
	else if (strcmp(kind, "classroom") == 0)
		report_classroom(stdout, grade);
	else if (strcmp(kind, "classroom-summary") == 0)
		report_classroom_summary(stdout, grade);
	else if (strcmp(kind, "classroom-result") == 0)
		report_classroom_result(stdout, grade, run);
	else if (strcmp(kind, "junit") == 0)
		report_junit(stdout, grade, run);
	else if (strcmp(kind, "tap13") == 0 || strcmp(kind, "tap14") == 0)
		report_tap(stdout, grade, kind[4] == '3' ? 13 : 14);
	else
		return false;
	return true;
}

/* CLASS GRADE: the grade is everybody's who has one. */
static bool print_table(const char *kind, const struct files *files)
{
	const json_t *class = files->value[0];
	const json_t *grade = files->value[1];
	size_t i;
	json_t *entry;
	if (strcmp(kind, "grades-csv") == 0)
		report_grades_csv(stdout, class);
	else if (strcmp(kind, "ungraded-csv") == 0)
		report_ungraded_csv(stdout, class);
	else if (strcmp(kind, "tests-csv") == 0)
		report_tests_csv_head(stdout);
	else if (strcmp(kind, "class-junit") == 0)
		report_junit_begin(stdout, json_text_of(class, "lab", "?"), NULL);
	else if (strcmp(kind, "jsonl") != 0)
		return false;
	json_array_foreach(json_object_get(class, "entries"), i, entry)
	{
		bool graded = json_is_integer(json_object_get(entry, "final_c"));
		if (strcmp(kind, "tests-csv") == 0)
			report_tests_csv(stdout, entry, graded ? grade : NULL);
		else if (strcmp(kind, "jsonl") == 0)
			report_jsonl(stdout, class, entry, graded ? grade : NULL);
		else if (strcmp(kind, "class-junit") == 0)
			report_junit_suite(stdout, i, entry, graded ? grade : NULL, NULL);
	}
	if (strcmp(kind, "class-junit") == 0)
		report_junit_end(stdout);
	return true;
}

/* CLASS [GIVEN]; problems go to stderr, a line each. */
static bool print_gradebook(const char *kind, const struct files *files)
{
	AUTO_FREE char *given = NULL;
	size_t length = 0;
	struct words problems = { 0 };
	int error = files->count > 1 ? file_read(files->path[1], FILE_BYTES_MAX, &given, &length)
				     : 0;
	if (error != 0)
		die_errno(error, "%s", files->path[1]);
	const json_t *class = files->value[0];
	bool written = strcmp(kind, "canvas") == 0
			       ? report_canvas(stdout, class, given, length, &problems)
		       : strcmp(kind, "moodle") == 0
			       ? report_moodle(stdout, class, given, length, &problems)
			       : report_brightspace(stdout, class, given, length, &problems);
	for (size_t i = 0; i < problems.count; i++)
		(void)fprintf(stderr, "%s\n", problems.item[i]);
	words_fini(&problems);
	return written;
}

/* TABLE: each row as a JSON array, so that others can be asked whether they read the same. */
static bool print_rows(const char *path)
{
	AUTO_FREE char *bytes = NULL;
	AUTO_FREE char *why = NULL;
	size_t length = 0;
	int error = file_read(path, FILE_BYTES_MAX, &bytes, &length);
	if (error != 0)
		die_errno(error, "%s", path);
	struct csv *csv = csv_read(bytes, length, &why);
	if (csv == NULL)
		die("%s: %s", path, why);
	for (size_t r = 0; r < csv_rows(csv); r++) {
		json_t *row = json_array();
		for (size_t c = 0; c < csv_cells(csv, r); c++)
			(void)json_array_append_new(row, json_string(csv_text(csv, r, c)));
		(void)json_dumpf(row, stdout, JSON_COMPACT);
		(void)putchar('\n');
		json_decref(row);
	}
	csv_destroy(csv);
	return true;
}

int main(int argc, char **argv)
{
	if (argc < 3 || argc > 2 + FILES_MAX)
		die("usage: forms KIND FILE...");
	const char *kind = argv[1];
	struct files files = { .path = (const char *const *)argv + 2, .count = argc - 2 };
	bool gradebook = strcmp(kind, "canvas") == 0 || strcmp(kind, "moodle") == 0 ||
			 strcmp(kind, "brightspace") == 0;
	if (strcmp(kind, "rows") == 0)
		return print_rows(argv[2]) ? 0 : 2;
	for (int i = 0; i < (gradebook ? 1 : files.count); i++)
		files.value[i] = read_value(files.path[i]);
	bool printed = gradebook ? print_gradebook(kind, &files)
				 : print_form(kind, &files) || print_table(kind, &files);
	for (int i = 0; i < FILES_MAX; i++)
		json_decref(files.value[i]);
	return printed ? 0 : 2;
}
