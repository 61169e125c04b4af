/* What a test has to say: what was seen, where, why it is wrong, a picture of it, and what to type
 * next. A finding that several tests share is told once. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "report/html_write.h"
#include "report/lanes.h"

enum { HUES = 8 };

static bool same_finding(const json_t *left, const json_t *right)
{
	return strcmp(json_text_of(left, "id", ""), json_text_of(right, "id", "")) == 0 &&
	       strcmp(json_text_of(left, "what", ""), json_text_of(right, "what", "")) == 0;
}

static void put_link(FILE *out, const char *id)
{
	(void)fputs("<a href=\"#t-", out);
	html_id(out, id);
	html_put(out, "\">%s</a>", id);
}

const json_t *html_told_by(const struct html_page *page, const json_t *test)
{
	const json_t *finding = json_object_get(test, "finding");
	size_t i;
	json_t *other;
	json_array_foreach(page->tests, i, other)
	{
		if (other == test)
			return NULL;
		const json_t *told = json_object_get(other, "finding");
		if (told != NULL && same_finding(told, finding))
			return other;
	}
	return NULL;
}

void html_place(const struct html_page *page, const json_t *place)
{
	const char *file = json_text_of(place, "file", "");
	const long line = html_integer(place, "line");
	const long index = html_source_index(page, file);
	if (*file == '\0')
		return;
	if (index >= 0 && line > 0)
		html_put(page->out, "<a class=\"mono\" href=\"#s%ld-%ld\">%s:%ld</a>", index, line,
			 file, line);
	else if (line > 0)
		html_put(page->out, "<span class=\"mono\">%s:%ld</span>", file, line);
	else
		html_put(page->out, "<span class=\"mono\">%s</span>", file);
}

/* The thread in the colour that it has in the picture: "T2", "P3"; of other texts no number. */
static void put_thread(FILE *out, const char *thread)
{
	const size_t letters = strcspn(thread, "0123456789");
	if (letters == 1)
		(void)fprintf(out, "<span class=\"thread h%lu\">",
			      strtoul(thread + letters, NULL, 10) % HUES);
	else
		(void)fputs("<span class=\"thread\">", out);
	html_put(out, "%s</span>", thread);
}

static void put_where(const struct html_page *page, const json_t *where)
{
	size_t i;
	json_t *place;
	if (json_array_size(where) == 0)
		return;
	(void)fputs("<ol class=\"where\">\n", page->out);
	json_array_foreach(where, i, place)
	{
		(void)fputs("<li>", page->out);
		if (*json_text_of(place, "thread", "") != '\0')
			put_thread(page->out, json_text_of(place, "thread", ""));
		(void)fputs("<span>", page->out);
		html_place(page, place);
		html_put(page->out, "</span><span><code>%s</code> %s</span>\n",
			 json_text_of(place, "function", ""), json_text_of(place, "role", ""));
	}
	(void)fputs("</ol>\n", page->out);
}

static void put_others(const struct html_page *page, const json_t *test, const json_t *finding)
{
	size_t i, count = 0;
	json_t *other;
	json_array_foreach(page->tests, i, other)
	{
		const json_t *shared = json_object_get(other, "finding");
		if (other == test || shared == NULL || !same_finding(shared, finding))
			continue;
		(void)fputs(count++ == 0 ? "<p>The same holds for " : ", ", page->out);
		put_link(page->out, json_text_of(other, "id", "?"));
	}
	if (count > 0)
		(void)fputs(".</p>\n", page->out);
}

static void put_picture(const struct html_page *page, const char *token)
{
	const json_t *schedule = json_object_get(json_object_get(page->page, "schedules"), token);
	struct lanes lanes;
	if (!json_is_object(schedule))
		return;
	(void)fputs("<div class=\"picture\" tabindex=\"0\" role=\"group\" aria-label=\"The "
		    "schedule, step by step\">\n",
		    page->out);
	lanes_make(schedule, &lanes);
	lanes_svg_inline(page->out, &lanes);
	lanes_fini(&lanes);
	(void)fputs("</div>\n", page->out);
}

static void put_plot(const struct html_page *page, const char *test)
{
	AUTO_FREE char *name = must_printf("%s.svg", test);
	const char *svg = json_text_of(json_object_get(page->page, "plots"), name, NULL);
	if (svg == NULL)
		return;
	(void)fputs("<div class=\"picture\" tabindex=\"0\" role=\"group\" aria-label=\"Plot of "
		    "this test\">\n",
		    page->out);
	html_picture(page->out, svg);
	(void)fputs("</div>\n", page->out);
}

/* The commands by themselves, each in one click to be copied. */
static void put_commands(const struct html_page *page, const json_t *test)
{
	const char *id = json_text_of(test, "id", "");
	const char *token = json_text_of(test, "replay", NULL);
	const json_t *number = json_object_get(page->class, "lab_number");
	(void)fputs("<p>", page->out);
	if (token != NULL)
		html_put(page->out,
			 "<code class=\"type\">make show TOKEN=%s</code><code class=\"type\">make "
			 "replay TOKEN=%s</code>",
			 token, token);
	if (json_is_integer(number))
		html_put(page->out, "<code class=\"type\">make hint LAB=%ld TEST=%s</code>",
			 (long)json_integer_value(number), id);
	else if (json_is_string(number))
		html_put(page->out, "<code class=\"type\">make hint LAB=%s TEST=%s</code>",
			 json_string_value(number), id);
	(void)fputs("</p>\n", page->out);
}

static void put_finding(const struct html_page *page, const json_t *test, const json_t *finding)
{
	FILE *out = page->out;
	const json_t *told = html_told_by(page, test);
	if (told != NULL) {
		html_put(out, "<p><b class=\"mono\">%s</b>: the same as in ",
			 json_text_of(finding, "id", "?"));
		put_link(out, json_text_of(told, "id", "?"));
		(void)fputs(".</p>\n", out);
		return;
	}
	html_put(out, "<p class=\"soft mono\">%s</p>\n<p class=\"what\">%s</p>\n",
		 json_text_of(finding, "id", "?"), json_text_of(finding, "what", ""));
	put_where(page, json_object_get(finding, "where"));
	if (*json_text_of(finding, "why", "") != '\0')
		html_put(out, "<p class=\"why\">%s</p>\n", json_text_of(finding, "why", ""));
	put_others(page, test, finding);
	html_put(out, "<p><b>Next:</b> %s</p>\n", json_text_of(finding, "next", ""));
	put_commands(page, test);
	put_picture(page, json_text_of(test, "replay", ""));
}

/* What was looked at: "schedules 393, preemptions 3, exhaustive". */
static void put_evidence(FILE *out, const json_t *test)
{
	const char *key;
	json_t *value;
	size_t count = 0;
	json_object_foreach(json_object_get(test, "evidence"), key, value)
	{
		if (!json_is_integer(value) && !json_is_true(value))
			continue;
		(void)fputs(count++ == 0 ? "<p class=\"soft\">Looked at: " : ", ", out);
		if (json_is_integer(value))
			html_put(out, "%lld %s", (long long)json_integer_value(value), key);
		else
			html_text(out, key);
	}
	if (count > 0)
		html_put(out, "; detector %s.</p>\n", json_text_of(test, "detector", "?"));
}

void html_finding(const struct html_page *page, const json_t *test)
{
	FILE *out = page->out;
	const json_t *finding = json_object_get(test, "finding");
	const char *gate = json_text_of(test, "blocked_by", NULL);
	const char *reason = json_text_of(test, "reason", NULL);
	const char *receiver = json_text_of(test, "given_to", NULL);
	if (json_is_true(json_object_get(test, "hidden"))) {
		(void)fputs("<p>This test is hidden: how it ended is all that is told.</p>\n", out);
		return;
	}
	if (json_is_object(finding))
		put_finding(page, test, finding);
	if (gate != NULL) {
		(void)fputs("<p>Not judged: first repair ", out);
		put_link(out, gate);
		(void)fputs(".</p>\n", out);
	}
	if (reason != NULL)
		html_put(out, "<p>%s</p>\n", reason);
	if (receiver != NULL) {
		(void)fputs("<p>Its ", out);
		html_points(out, html_hundredths(test, "given"));
		(void)fputs(" points went to ", out);
		put_link(out, receiver);
		(void)fputs(".</p>\n", out);
	}
	put_evidence(out, test);
	put_plot(page, json_text_of(test, "id", ""));
	html_test_times(page, json_text_of(test, "id", ""));
}
