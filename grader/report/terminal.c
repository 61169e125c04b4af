/* The tests by part, then each finding once, then the score and the one thing to do next. */
#include "report/terminal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/text.h"
#include "report/advice.h"

enum { COLUMNS = 80, POINTS_COLUMNS = 10, TITLE_COLUMN = 18, WARNINGS_SHOWN_MAX = 3 };

struct page {
	FILE *out;
	const json_t *tests;
	const struct terminal_context *context;
};

static long hundredths(const json_t *object, const char *key)
{
	return lround(json_number_value(json_object_get(object, key)) * 100);
}

/* A line whose text begins at `column` already; the points stand at the right edge. */
static void finish_line(const struct page *page, size_t column, long points, long max)
{
	char got[TEXT_POINTS_BYTES];
	char of[TEXT_POINTS_BYTES];
	text_points(got, points);
	text_points(of, max);
	int gap = column < COLUMNS - POINTS_COLUMNS ? (int)(COLUMNS - POINTS_COLUMNS - column) : 1;
	(void)fprintf(page->out, "%*s%4s /%4s\n", gap, "", got, of);
}

/* As much of a title as fits before the points. Returned. */
static char *fit(const char *text, size_t columns)
{
	size_t bytes = 0;
	size_t width = 0;
	for (; text[bytes] != '\0'; bytes++) {
		bool begins = ((unsigned char)text[bytes] & 0xc0) != 0x80;
		if (begins && width == columns)
			return must_printf("%.*s", (int)bytes, text);
		width += begins;
	}
	return must_strdup(text);
}

static const char *status_word(const char *status)
{
	static const char *const words[][2] = { { "pass", "pass" },
						{ "fail", "FAIL" },
						{ "blocked", "----" },
						{ "skipped", "skip" },
						{ "infra", "????" } };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(words[i][0], status) == 0)
			return words[i][1];
	return "????";
}

static const char *status_colour(const struct page *page, const char *status)
{
	if (!page->context->colour)
		return "";
	if (strcmp(status, "pass") == 0)
		return "\033[32m";
	return strcmp(status, "fail") == 0 ? "\033[31m" : "\033[33m";
}

/* "20 requests, 200 splits": what a pass looked at. */
static void print_evidence(const struct page *page, const json_t *test)
{
	json_t *evidence = json_object_get(test, "evidence");
	AUTO_FREE char *line = must_strdup("");
	const char *key;
	json_t *value;
	json_object_foreach(evidence, key, value)
	{
		const char *comma = *line != '\0' ? ", " : "";
		char *longer = NULL;
		if (json_is_integer(value))
			longer = must_printf("%s%s%lld %s", line, comma,
					     (long long)json_integer_value(value), key);
		else if (json_is_true(value))
			longer = must_printf("%s%s%s", line, comma, key);
		if (longer == NULL)
			continue;
		free(line);
		line = longer;
	}
	if (*line != '\0')
		text_wrap(page->out, line, TITLE_COLUMN, COLUMNS);
}

static char *title_of(const json_t *test)
{
	const char *title = json_text_of(test, "title", "");
	const char *gate = json_text_of(test, "blocked_by", NULL);
	const char *reason = json_text_of(test, "reason", NULL);
	const char *receiver = json_text_of(test, "given_to", NULL);
	char given[TEXT_POINTS_BYTES];
	text_points(given, hundredths(test, "given"));
	if (gate != NULL)
		return must_printf("%s: blocked by %s", title, gate);
	if (receiver != NULL)
		return must_printf("%s: %s; its %s points went to %s", title, reason, given,
				   receiver);
	if (reason != NULL)
		return must_printf("%s: %s", title, reason);
	return must_strdup(title);
}

/* Where a title that is too long for one line goes on: behind the last blank that fits. */
static size_t first_line(const char *title, size_t columns)
{
	if (text_width(title) <= columns)
		return strlen(title);
	AUTO_FREE char *start = fit(title, columns + 1);
	const char *blank = strrchr(start, ' ');
	AUTO_FREE char *hard = fit(title, columns);
	return blank != NULL && blank > start ? (size_t)(blank - start) : strlen(hard);
}

static void print_test(const struct page *page, const json_t *test)
{
	const size_t columns = COLUMNS - POINTS_COLUMNS - TITLE_COLUMN - 1;
	const char *status = json_text_of(test, "status", "");
	AUTO_FREE char *title = title_of(test);
	size_t cut = first_line(title, columns);
	AUTO_FREE char *first = must_printf("%.*s", (int)cut, title);
	(void)fprintf(page->out, "    %s%s%s  %-6s  %s", status_colour(page, status),
		      status_word(status), page->context->colour ? "\033[0m" : "",
		      json_text_of(test, "id", "?"), first);
	finish_line(page, TITLE_COLUMN + text_width(first), hundredths(test, "points"),
		    hundredths(test, "max"));
	const char *rest = title + cut + (title[cut] == ' ');
	if (*rest != '\0')
		text_wrap(page->out, rest, TITLE_COLUMN, TITLE_COLUMN + columns);
	if (strcmp(status, "pass") == 0)
		print_evidence(page, test);
}

static bool is_of_part(const json_t *test, const char *part)
{
	return strcmp(json_text_of(test, "part", ""), part) == 0;
}

static void print_part(const struct page *page, const char *part)
{
	long points = 0;
	long max = 0;
	size_t i;
	json_t *test;
	json_array_foreach(page->tests, i, test)
	{
		points += is_of_part(test, part) ? hundredths(test, "points") : 0;
		max += is_of_part(test, part) ? hundredths(test, "max") : 0;
	}
	const char *title = json_text_of(page->context->parts, part, "");
	AUTO_FREE char *short_title = fit(title, COLUMNS - POINTS_COLUMNS - 5);
	(void)fprintf(page->out, " %s  %s", part, short_title);
	finish_line(page, 3 + text_width(part) + text_width(short_title), points, max);
	json_array_foreach(page->tests, i, test) if (is_of_part(test, part)) print_test(page, test);
}

/* Parts in order of their first test. */
static void print_parts(const struct page *page)
{
	struct words parts = { 0 };
	size_t i;
	json_t *test;
	json_array_foreach(page->tests, i, test)
	{
		const char *part = json_text_of(test, "part", "?");
		if (words_has(&parts, part))
			continue;
		words_add(&parts, part);
		print_part(page, part);
	}
	words_fini(&parts);
}

static void print_notes(const struct page *page, const json_t *grade)
{
	size_t i;
	json_t *note;
	if (json_array_size(json_object_get(grade, "notes")) > 0)
		(void)fputc('\n', page->out);
	json_array_foreach(json_object_get(grade, "notes"), i, note)
	{
		const char *text = json_string_value(note);
		size_t length = strlen(text);
		bool ended = length > 0 && text[length - 1] == '.';
		AUTO_FREE char *line = must_printf("Note: %s%s", text, ended ? "" : ".");
		text_wrap(page->out, line, 1, COLUMNS);
	}
	const struct words *warnings = page->context->warnings;
	if (warnings->count > 0)
		(void)fprintf(page->out, "\n Warnings of the compiler (they cost no points):\n");
	for (size_t w = 0; w < warnings->count && w < WARNINGS_SHOWN_MAX; w++)
		text_wrap(page->out, warnings->item[w], 3, COLUMNS);
	if (warnings->count > WARNINGS_SHOWN_MAX)
		(void)fprintf(page->out, "   [... and of %zu more files]\n",
			      warnings->count - WARNINGS_SHOWN_MAX);
}

bool terminal_has_colour(FILE *out)
{
	const char *no_colour = getenv("NO_COLOR");
	return isatty(fileno(out)) == 1 && (no_colour == NULL || *no_colour == '\0');
}

void terminal_report(FILE *out, const json_t *grade, const struct terminal_context *context)
{
	const struct page page = { .out = out,
				   .tests = json_object_get(grade, "tests"),
				   .context = context };
	AUTO_FREE char *left = must_printf("Interleave  lab %s", json_text_of(grade, "lab", "?"));
	AUTO_FREE char *right = must_printf("isolation %s  seed %s",
					    json_text_of(grade, "isolation", "?"),
					    json_text_of(grade, "seed", "?"));
	int gap = COLUMNS - (int)text_width(left) - (int)text_width(right);
	(void)fprintf(out, "%s%*s%s\n\n", left, gap > 2 ? gap : 2, "", right);
	print_parts(&page);
	print_notes(&page, grade);
	advice_findings(out, grade);
	advice_score(out, grade, context->lab_number, context->folder);
}
