/* One submission: what it is worth and what to repair first, its parts, its tests with their
 * findings, then its sources with the findings at their lines, and what it all cost. */
#include "report/html.h"

#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/words.h"
#include "judge/score.h"
#include "report/html_write.h"
#include "report/lanes.h"

static bool is_of(const json_t *test, const char *key, const char *value)
{
	return strcmp(json_text_of(test, key, ""), value) == 0;
}

static const char *part_title(const struct html_page *page, const char *part)
{
	return json_text_of(json_object_get(page->class, "parts"), part, "");
}

/* The score, or why there is none. */
static void put_score(const struct html_page *page)
{
	FILE *out = page->out;
	const json_t *score = json_object_get(page->grade, "score");
	if (!json_is_number(score)) {
		html_put(out, "<p class=\"score\">no grade</p>\n<p class=\"first bad\">%s</p>\n",
			 json_text_of(page->entry, "note",
				      "There is no result of the grader for this submission. That "
				      "costs nothing: it is to be graded again."));
		return;
	}
	const long got = html_hundredths(page->grade, "score"),
		   max = html_hundredths(page->grade, "max");
	const json_t *final = json_object_get(page->entry, "final_c");
	html_put(out, "<p class=\"score\">");
	html_points(out, got);
	(void)fputs(" <small>of ", out);
	html_points(out, max);
	(void)fputs(" points", out);
	if (json_is_integer(final) && json_integer_value(final) != got) {
		(void)fputs("; with the rule for late work ", out);
		html_points(out, (long)json_integer_value(final));
	}
	(void)fputs("</small></p>\n", out);
	html_share(out, got, max);
}

/* score_first_repair wants hundredths. */
static void put_first(const struct html_page *page)
{
	json_t *rows = json_deep_copy(page->tests);
	long waiting = 0;
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row) if (json_is_object(row))
		json_put(row, "max", json_integer(html_hundredths(row, "max")));
	const json_t *first = score_first_repair(rows, &waiting);
	if (first != NULL) {
		(void)fputs("<p class=\"first\">First thing to repair: <a href=\"#t-", page->out);
		html_id(page->out, json_text_of(first, "id", "?"));
		html_put(page->out, "\">%s</a>", json_text_of(first, "id", "?"));
		if (waiting > 0) {
			(void)fputs(", a gate: ", page->out);
			html_points(page->out, waiting);
			(void)fputs(" more points wait behind it", page->out);
		}
		(void)fputs(".</p>\n", page->out);
	}
	json_decref(rows);
}

static void put_fact(FILE *out, const char *name, const char *value)
{
	if (*value != '\0')
		html_put(out, "<dt>%s<dd class=\"mono\">%s\n", name, value);
}

static void put_facts(const struct html_page *page)
{
	FILE *out = page->out;
	const json_t *versions = json_object_get(page->grade, "versions");
	const char *submitted = json_text_of(page->entry, "submitted", NULL);
	(void)fputs("<dl class=\"facts\">\n", out);
	if (submitted != NULL) {
		(void)fputs("<dt>submitted<dd>", out);
		html_time(out, submitted);
		if (html_integer(page->entry, "late") == 1)
			(void)fputs(", late", out);
		(void)fputc('\n', out);
	}
	if (json_is_integer(json_object_get(page->entry, "attempt")))
		html_put(out, "<dt>attempt<dd>%ld\n", html_integer(page->entry, "attempt"));
	put_fact(out, "isolation", json_text_of(page->grade, "isolation", ""));
	put_fact(out, "seed", json_text_of(page->grade, "seed", ""));
	put_fact(out, "submission", json_text_of(page->grade, "submission", ""));
	put_fact(out, "grade key", json_text_of(versions, "grade_key", ""));
	put_fact(out, "compilers", json_text_of(versions, "toolchain", ""));
	(void)fputs("</dl>\n", out);
	size_t i;
	json_t *note;
	json_array_foreach(json_object_get(page->grade, "notes"), i, note) html_put(
		out, "<p>Note: %s</p>\n", json_is_string(note) ? json_string_value(note) : "?");
}

static void put_head(const struct html_page *page)
{
	FILE *out = page->out;
	const char *lab = json_text_of(page->class, "lab", json_text_of(page->grade, "lab", "?"));
	html_put(out, "<header>\n<p class=\"eyebrow\"><b>Interleave</b> \xc2\xb7 %s</p>\n<h1>",
		 lab);
	if (json_is_object(page->entry))
		html_people(out, page->entry);
	else
		html_text(out, json_text_of(page->class, "title", lab));
	(void)fputs("</h1>\n", out);
	if (is_of(page->entry, "state", "provisional"))
		(void)fputs("<p>Provisional: some tests are still to come.</p>\n", out);
	put_score(page);
	put_first(page);
	put_facts(page);
	(void)fputs("</header>\n<main id=\"main\">\n", out);
}

static void put_part_row(const struct html_page *page, const char *part)
{
	FILE *out = page->out;
	long got = 0, max = 0;
	size_t i;
	json_t *test;
	html_put(out, "<tr><th scope=\"row\"><b>%s</b> %s<td><ul class=\"chips\">", part,
		 part_title(page, part));
	json_array_foreach(page->tests, i, test)
	{
		const char *id = json_text_of(test, "id", "?");
		if (!is_of(test, "part", part))
			continue;
		got += html_hundredths(test, "points");
		max += html_hundredths(test, "max");
		(void)fputs("<li><a href=\"#t-", out);
		html_id(out, id);
		(void)fputs("\" class=\"s ", out);
		html_id(out, json_text_of(test, "status", "infra"));
		html_put(out, "\" title=\"%s\">%s<span class=\"hide\"> %s</span></a>",
			 json_text_of(test, "status", "infra"),
			 strchr(id, '.') != NULL ? strchr(id, '.') + 1 : id,
			 json_text_of(test, "status", "infra"));
	}
	(void)fputs("</ul><td class=\"n\">", out);
	html_points(out, got);
	(void)fputs(" / ", out);
	html_points(out, max);
	(void)fputc('\n', out);
}

static void put_parts(const struct html_page *page)
{
	struct words parts = { 0 };
	size_t i;
	json_t *test;
	(void)fputs("<h2>Parts</h2>\n<table class=\"parts\"><thead><tr><th scope=\"col\">Part<th "
		    "scope=\"col\">Tests<th scope=\"col\" class=\"n\">Points</thead><tbody>\n",
		    page->out);
	json_array_foreach(page->tests, i, test)
	{
		const char *part = json_text_of(test, "part", "?");
		if (words_has(&parts, part))
			continue;
		words_add(&parts, part);
		put_part_row(page, part);
	}
	(void)fputs("</table>\n", page->out);
	words_fini(&parts);
}

/* The test whose finding is opened for the reader: the first one that has a finding. */
static const json_t *first_found(const struct html_page *page)
{
	size_t i;
	json_t *test;
	json_array_foreach(page->tests, i,
			   test) if (json_is_object(json_object_get(test, "finding"))) return test;
	return NULL;
}

static void put_test(const struct html_page *page, const json_t *test, bool open)
{
	FILE *out = page->out;
	(void)fputs("<details class=\"t\" id=\"t-", out);
	html_id(out, json_text_of(test, "id", "?"));
	(void)fputs(open ? "\" open><summary>" : "\"><summary>", out);
	html_status(out, json_text_of(test, "status", "infra"));
	html_put(out, "<span class=\"mono\">%s</span><b>%s</b><span class=\"n\">",
		 json_text_of(test, "id", "?"), json_text_of(test, "title", ""));
	html_points(out, html_hundredths(test, "points"));
	(void)fputs(" / ", out);
	html_points(out, html_hundredths(test, "max"));
	(void)fputs("</span></summary><div class=\"in\">\n", out);
	html_finding(page, test);
	(void)fputs("</div></details>\n", out);
}

static void put_tests(const struct html_page *page)
{
	const json_t *open = first_found(page);
	const char *last = "";
	size_t i;
	json_t *test;
	(void)fputs("<h2>Tests <small>each opens</small></h2>\n", page->out);
	if (json_object_size(json_object_get(page->page, "schedules")) > 0)
		lanes_svg_shared(page->out);
	json_array_foreach(page->tests, i, test)
	{
		const char *part = json_text_of(test, "part", "?");
		if (strcmp(part, last) != 0)
			html_put(page->out, "<h3>%s%s%s</h3>\n", part,
				 *part_title(page, part) != '\0' ? " \xc2\xb7 " : "",
				 part_title(page, part));
		last = part;
		put_test(page, test, test == open);
	}
}

void html_student(FILE *out, const json_t *value)
{
	const struct html_page page = {
		.out = out,
		.page = value,
		.class = json_object_get(value, "class"),
		.entry = json_object_get(value, "entry"),
		.grade = json_object_get(value, "grade"),
		.run = json_object_get(value, "run"),
		.tests = json_object_get(json_object_get(value, "grade"), "tests"),
		.sources = json_object_get(value, "sources"),
	};
	const char *lab = json_text_of(page.class, "lab", json_text_of(page.grade, "lab", ""));
	AUTO_FREE char *title = must_printf("%s%s%s", json_text_of(page.entry, "entry", lab),
					    json_is_object(page.entry) ? " \xc2\xb7 " : "",
					    json_is_object(page.entry) ? lab : "");
	html_begin(out, title, false);
	put_head(&page);
	if (json_array_size(page.tests) > 0) {
		put_parts(&page);
		put_tests(&page);
	}
	html_sources(&page);
	html_times(&page);
	(void)fputs("</main>\n", out);
	html_end(out, false);
}
