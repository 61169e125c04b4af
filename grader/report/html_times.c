/* What the grading cost, from run.json, and what other detectors saw. None of it gives points. */
#include <string.h>

#include "base/json.h"
#include "report/html_write.h"

static const struct {
	const char *key, *title;
} stages[] = {
	{ "collect_ms", "collect" },   { "compile_ms", "compile" },
	{ "audit_ms", "audit" },       { "link_ms", "link" },
	{ "run_ms", "run the tests" }, { "second_ms", "second opinions" },
	{ "judge_ms", "judge" },
};

void html_test_times(const struct html_page *page, const char *test)
{
	size_t i, count = 0;
	json_t *job;
	json_array_foreach(json_object_get(page->run, "jobs"), i, job)
	{
		if (strcmp(json_text_of(job, "test", ""), test) != 0)
			continue;
		(void)fputs(count++ == 0 ? "<p class=\"soft\">Time: " : ", ", page->out);
		html_put(page->out, "%s ", json_text_of(job, "build", "?"));
		html_duration(page->out, html_integer(job, "wall_ms"));
		if (html_integer(job, "attempts") > 1)
			html_put(page->out, " (attempt %ld)", html_integer(job, "attempts"));
	}
	if (count > 0)
		(void)fputs(".</p>\n", page->out);
}

static void put_stages(const struct html_page *page, const json_t *record)
{
	const long total = html_integer(record, "total_ms");
	(void)fputs("<table class=\"cost\"><thead><tr><th scope=\"col\">Step<th scope=\"col\">"
		    "<span class=\"hide\">Share</span><th scope=\"col\" class=\"n\">Time</thead>"
		    "<tbody>\n",
		    page->out);
	for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++) {
		const long took = html_integer(record, stages[i].key);
		html_put(page->out, "<tr><th scope=\"row\">%s<td>", stages[i].title);
		html_share(page->out, took, total);
		(void)fputs("<td class=\"n\">", page->out);
		html_duration(page->out, took);
		(void)fputc('\n', page->out);
	}
	(void)fputs("<tr><th scope=\"row\"><b>in all</b><td><td class=\"n\">", page->out);
	html_duration(page->out, total);
	(void)fputs("\n</table>\n", page->out);
}

static void put_second(const struct html_page *page)
{
	const json_t *rows = json_object_get(page->run, "second");
	size_t i;
	json_t *row;
	if (json_array_size(rows) == 0)
		return;
	(void)fputs("<h2>Second opinions <small>your code on real threads, under detectors of "
		    "others; they give and cost no points</small></h2>\n"
		    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		    "aria-label=\"Second opinions\"><table><thead><tr><th scope=\"col\">Detector"
		    "<th scope=\"col\">Part<th scope=\"col\">Saw<th scope=\"col\">Beside the "
		    "explorer</thead><tbody>\n",
		    page->out);
	json_array_foreach(rows, i, row)
	{
		const json_t *agree = json_object_get(row, "agree");
		const char *what = json_text_of(row, "what", NULL);
		html_put(page->out, "<tr><th scope=\"row\">%s<td>%s<td>%s%s%s<td>%s %s\n",
			 json_text_of(row, "detector", "?"), json_text_of(row, "part", ""),
			 json_text_of(row, "saw", "?"), what != NULL ? ": " : "",
			 what != NULL ? what : "",
			 agree == NULL         ? "no opinion"
			 : json_is_true(agree) ? "agrees"
					       : "disagrees",
			 json_text_of(row, "note", ""));
	}
	(void)fputs("</table></div>\n", page->out);
}

void html_times(const struct html_page *page)
{
	const json_t *record = json_object_get(page->run, "stages");
	put_second(page);
	if (!json_is_object(record))
		return;
	(void)fputs("<h2>Times <small>they are no part of the grade</small></h2>\n", page->out);
	put_stages(page, record);
	const char *ended = json_text_of(page->run, "ended", NULL);
	if (ended != NULL) {
		(void)fputs("<p class=\"soft\">Graded ", page->out);
		html_time(page->out, ended);
		html_put(page->out, "%s.</p>\n",
			 json_is_true(json_object_get(record, "cached"))
				 ? ", with the programs of an earlier run"
				 : "");
	}
}
