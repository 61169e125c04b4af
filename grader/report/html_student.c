/* One submission: what it is worth and what to repair first, its parts, its tests with their
 * findings, then its sources with the findings at their lines, and what it all cost. */
#include "report/html.h"

#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/words.h"
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

/* The tests as a student may see them: of a hidden one no more than how it ended. Returned. */
static json_t *shown_tests(const json_t *grade)
{
	static const char *const secrets[] = { "finding", "replay", "evidence", "reason" };
	json_t *tests = json_deep_copy(json_object_get(grade, "tests"));
	size_t i;
	json_t *test;
	json_array_foreach(tests, i,
			   test) for (size_t s = 0; s < sizeof secrets / sizeof secrets[0];
				      s++) if (json_is_true(json_object_get(test, "hidden")))(void)
		json_object_del(test, secrets[s]); /* it may have none */
	return tests;
}

void html_student(FILE *out, const json_t *value)
{
	json_t *tests = shown_tests(json_object_get(value, "grade"));
	const struct html_page page = {
		.out = out,
		.page = value,
		.class = json_object_get(value, "class"),
		.entry = json_object_get(value, "entry"),
		.grade = json_object_get(value, "grade"),
		.run = json_object_get(value, "run"),
		.tests = tests,
		.sources = json_object_get(value, "sources"),
	};
	const char *lab = json_text_of(page.class, "lab", json_text_of(page.grade, "lab", ""));
	AUTO_FREE char *title = must_printf("%s%s%s", json_text_of(page.entry, "entry", lab),
					    json_is_object(page.entry) ? " \xc2\xb7 " : "",
					    json_is_object(page.entry) ? lab : "");
	html_begin(out, title, HTML_STUDENT);
	html_student_head(&page);
	if (json_array_size(page.tests) > 0) {
		put_parts(&page);
		put_tests(&page);
	}
	html_sources(&page);
	html_times(&page);
	(void)fputs("</main>\n", out);
	html_end(out, HTML_STUDENT);
	json_decref(tests);
}
