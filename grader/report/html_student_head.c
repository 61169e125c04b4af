/* The head of a student's page: what it is worth, or why there is no grade, what to repair first,
 * and what the grade rests on. */
#include <string.h>

#include "base/json.h"
#include "judge/score.h"
#include "report/html_write.h"

static bool is_of(const json_t *object, const char *key, const char *value)
{
	return strcmp(json_text_of(object, key, ""), value) == 0;
}

/* Why there is no grade: what the batch says, else the test at which the grader failed. */
static void put_no_grade(const struct html_page *page)
{
	size_t i;
	json_t *test;
	html_put(page->out, "<p class=\"score\">no grade</p>\n<p class=\"first bad\">");
	const char *note = json_text_of(page->entry, "note", NULL);
	json_array_foreach(page->tests, i, test)
	{
		if (note != NULL || !is_of(test, "status", "infra"))
			continue;
		html_put(page->out, "The grader failed at %s (%s). ", json_text_of(test, "id", "?"),
			 json_text_of(test, "reason", "?"));
		break;
	}
	html_put(page->out, "%s%s %s</p>\n", note != NULL ? note : "", note != NULL ? "." : "",
		 is_of(page->entry, "state", "unreadable")
			 ? "Nothing of it could be graded, which is no 0: it has to be handed in "
			   "again, or looked at by who runs the course."
			 : "This is not your fault and costs nothing: it is to be graded again.");
}

static void put_score(const struct html_page *page)
{
	FILE *out = page->out;
	const json_t *final = json_object_get(page->entry, "final_c");
	if (!json_is_number(json_object_get(page->grade, "score"))) {
		put_no_grade(page);
		return;
	}
	const long got = html_hundredths(page->grade, "score"),
		   max = html_hundredths(page->grade, "max");
	html_put(out, "<p class=\"score\">");
	html_points(out, got);
	(void)fputs(" <small>of ", out);
	html_points(out, max);
	(void)fputs(" points", out);
	if (json_is_integer(final) && html_integer(page->entry, "final_c") != got) {
		(void)fputs("; with the rule for late work ", out);
		html_points(out, html_integer(page->entry, "final_c"));
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

void html_student_head(const struct html_page *page)
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
