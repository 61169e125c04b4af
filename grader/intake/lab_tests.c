/* Reads tests.tsv: one header line, one line per test, nine columns between tabs. */
#include "intake/lab_tests.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"

enum { COLUMNS = 9, TSV_BYTES_MAX = 1024 * 1024, POINTS_MAX = 1000 };

static const char header[] = "id\tgate\tpoints\tdetector\tbuilds\tquiet\thidden\tabout\ttitle";

struct place {
	const char *path;
	int line;
};

static bool read_flag(const struct place *place, const char *text)
{
	if (strcmp(text, "0") != 0 && strcmp(text, "1") != 0)
		die("%s:%d: a flag is 0 or 1, not '%s'", place->path, place->line, text);
	return text[0] == '1';
}

/* Points come in halves; strtod is not asked, it knows locales. */
static long read_points(const struct place *place, const char *text)
{
	char *end = NULL;
	long whole = strtol(text, &end, 10);
	long rest = 0;
	if (strcmp(end, ".5") == 0)
		rest = 50;
	else if (*end != '\0' && strcmp(end, ".0") != 0)
		rest = -1;
	if (end == text || rest < 0 || whole < 0 || whole > POINTS_MAX)
		die("%s:%d: points are a number with halves, not '%s'", place->path, place->line,
		    text);
	return whole * 100 + rest;
}

const char *lab_detector(const char *text)
{
	static const char *const kinds[][2] = { { "function", "MODEL" }, { "table", "MODEL" },
						{ "order", "MODEL" },    { "schedule", "MODEL" },
						{ "trace", "CNT" },      { "stress", "SAN" } };
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i][0], text) == 0)
			return kinds[i][1];
	return text;
}

/* "L1.B.2" has the part "B". */
static char *part_of(const struct place *place, const char *id)
{
	const char *first = strchr(id, '.');
	const char *last = strrchr(id, '.');
	bool good = first != NULL && last > first + 1 && last[1] != '\0';
	for (const char *p = id; *p != '\0'; p++)
		good = good && (isalnum((unsigned char)*p) || *p == '.');
	if (!good)
		die("%s:%d: '%s' is no test id like L1.B.2", place->path, place->line, id);
	return must_printf("%.*s", (int)(last - first - 1), first + 1);
}

static void read_row(struct lab *lab, const struct place *place, char *row)
{
	char *column[COLUMNS] = { 0 };
	size_t count = 0;
	for (char *cell = strsep(&row, "\t"); cell != NULL; cell = strsep(&row, "\t"))
		if (count++ < COLUMNS)
			column[count - 1] = cell;
	if (count != COLUMNS)
		die("%s:%d: %zu columns instead of %d", place->path, place->line, count, COLUMNS);
	if (lab_test_find(lab, column[0]) != NULL)
		die("%s:%d: test %s stands here twice", place->path, place->line, column[0]);
	struct lab_test test = {
		.id = must_strdup(column[0]),
		.part = part_of(place, column[0]),
		.gate = read_flag(place, column[1]),
		.points = read_points(place, column[2]),
		.detector = must_strdup(lab_detector(column[3])),
		.quiet = read_flag(place, column[5]),
		.hidden = read_flag(place, column[6]),
		.about = must_strdup(column[7]),
		.title = must_strdup(column[8]),
	};
	words_split(&test.builds, column[4]);
	for (size_t i = 0; i < test.builds.count; i++)
		if (lab_build_find(lab, test.builds.item[i]) == NULL)
			die("%s:%d: the lab has no build '%s'", place->path, place->line,
			    test.builds.item[i]);
	if (test.builds.count == 0)
		die("%s:%d: test %s has no build", place->path, place->line, test.id);
	lab->tests = reallocarray(lab->tests, lab->test_count + 1, sizeof *lab->tests);
	if (lab->tests == NULL)
		die("out of memory");
	lab->tests[lab->test_count++] = test;
}

void lab_tests_read(struct lab *lab, const char *path, char *bytes)
{
	struct place place = { .path = path, .line = 0 };
	for (char *row = strsep(&bytes, "\n"); row != NULL; row = strsep(&bytes, "\n")) {
		place.line++;
		if (place.line == 1 && strcmp(row, header) != 0)
			die("%s:1: the header line must be '%s'", path, header);
		if (place.line > 1 && *row != '\0')
			read_row(lab, &place, row);
	}
	if (lab->test_count == 0)
		die("%s: no tests", path);
}

void lab_tests_load(struct lab *lab)
{
	AUTO_FREE char *path = lab_path(lab, "build/labs/%s/tests.tsv", lab->name);
	AUTO_FREE char *bytes = NULL;
	size_t length = 0;
	int error = file_read(path, TSV_BYTES_MAX, &bytes, &length);
	if (error != 0)
		die_errno(error, "cannot read %s (run make first)", path);
	lab_tests_read(lab, path, bytes);
}

void lab_tests_fini(struct lab *lab)
{
	for (size_t i = 0; i < lab->test_count; i++) {
		struct lab_test *test = &lab->tests[i];
		free(test->id);
		free(test->part);
		free(test->detector);
		free(test->about);
		free(test->title);
		words_fini(&test->builds);
	}
	free(lab->tests);
	lab->tests = NULL;
	lab->test_count = 0;
}
