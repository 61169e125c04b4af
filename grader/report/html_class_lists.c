/* The tests of the lab with how often each failed, and the findings by frequency. */
#include <string.h>

#include "base/json.h"
#include "report/html_write.h"

static void put_test(FILE *out, const json_t *test)
{
	const long fail = html_integer(test, "fail"), pass = html_integer(test, "pass"),
		   blocked = html_integer(test, "blocked");
	const long all = fail + pass + blocked;
	html_put(out, "<tr><th scope=\"row\"><span class=\"mono\">%s</span> %s%s<td>",
		 json_text_of(test, "id", "?"), json_text_of(test, "title", ""),
		 json_is_true(json_object_get(test, "gate")) ? " (gate)" : "");
	html_bar(out, fail, blocked, pass);
	html_put(out, "<td class=\"n\">");
	if (all > 0)
		html_put(out, "%ld\xc2\xa0%%", (fail * 100 + all / 2) / all);
	html_put(out, "<td class=\"n\">%ld<td class=\"n\">%ld\n", fail, blocked);
}

void html_class_tests(FILE *out, const json_t *class)
{
	const json_t *tests = json_object_get(class, "tests");
	const json_t *parts = json_object_get(class, "parts");
	const char *last = "";
	size_t i;
	json_t *test;
	(void)fputs("<h2>Tests</h2>\n<ul class=\"key\"><li>", out);
	html_bar(out, 1, 0, 0);
	(void)fputs("failed<li>", out);
	html_bar(out, 0, 1, 0);
	(void)fputs("blocked by a gate<li>", out);
	html_bar(out, 0, 0, 1);
	(void)fputs("passed</ul>\n<table class=\"tests\"><thead><tr><th scope=\"col\">Test"
		    "<th scope=\"col\"><span class=\"hide\">Shares</span><th scope=\"col\" "
		    "class=\"n\" colspan=\"2\">failed<th scope=\"col\" class=\"n\">blocked"
		    "</thead><tbody>\n",
		    out);
	json_array_foreach(tests, i, test)
	{
		const char *part = json_text_of(test, "part", "");
		const char *title = json_text_of(parts, part, NULL);
		if (title != NULL && strcmp(part, last) != 0)
			html_put(out,
				 "<tr class=\"part\"><th scope=\"rowgroup\" colspan=\"5\">"
				 "%s \xc2\xb7 %s\n",
				 part, title);
		last = part;
		put_test(out, test);
	}
	(void)fputs("</table>\n", out);
}

const json_t *html_entry_named(const json_t *class, const char *name)
{
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(class, "entries"), i, entry)
	{
		const int order = strcmp(json_text_of(entry, "entry", ""), name);
		if (order == 0)
			return entry;
	}
	return NULL;
}

/* Who had it: at most as many as the finding names. */
static void put_who(FILE *out, const json_t *class, const json_t *finding)
{
	const json_t *names = json_object_get(finding, "entries");
	const long more = html_integer(finding, "count") - (long)json_array_size(names);
	size_t i;
	json_t *item;
	(void)fputs("<p class=\"who\">", out);
	json_array_foreach(names, i, item)
	{
		const char *name = json_is_string(item) ? json_string_value(item) : "";
		const json_t *entry = html_entry_named(class, name);
		(void)fputs(i > 0 ? " \xc2\xb7 " : "", out);
		if (html_is_entry(name))
			html_put(out, "<a href=\"entries/%s/report.html\">", name);
		if (entry != NULL)
			html_people(out, entry);
		else
			html_text(out, name);
		(void)fputs(html_is_entry(name) ? "</a>" : "", out);
	}
	if (more > 0)
		html_put(out, " and %ld more", more);
	(void)fputs("</p>\n", out);
}

static void put_finding(FILE *out, const json_t *class, const json_t *finding)
{
	const json_t *tests = json_object_get(finding, "tests");
	const char *why = json_text_of(finding, "why", NULL);
	size_t i;
	json_t *test;
	html_put(out, "<li><div class=\"many\">%ld<small>%s</small></div><div><h3>%s</h3>\n",
		 html_integer(finding, "count"),
		 html_integer(finding, "count") == 1 ? "submission" : "submissions",
		 json_text_of(finding, "id", "?"));
	if (why != NULL)
		html_put(out, "<p><b>Teach:</b> %s</p>\n", why);
	html_put(out, "<p><b>One of them:</b> %s</p>\n<p class=\"who\">Seen by ",
		 json_text_of(finding, "what", ""));
	json_array_foreach(tests, i, test)
		html_put(out, "%s%s", i > 0 ? ", " : "",
			 json_is_string(test) ? json_string_value(test) : "?");
	(void)fputs("</p>\n", out);
	put_who(out, class, finding);
	if (json_text_of(finding, "token", NULL) != NULL)
		html_put(out,
			 "<p class=\"who\">A schedule that shows it: <code "
			 "class=\"type\">build/grade "
			 "show --from=OUT --entry=%s --token=%s</code></p>\n",
			 json_text_of(finding, "token_entry", "?"),
			 json_text_of(finding, "token", "?"));
	(void)fputs("</div>\n", out);
}

void html_class_findings(FILE *out, const json_t *class)
{
	const json_t *findings = json_object_get(class, "findings");
	size_t i;
	json_t *finding;
	(void)fputs(
		"<h2>What to teach again <small>findings, the most frequent first</small></h2>\n",
		out);
	if (json_array_size(findings) == 0) {
		(void)fputs("<p class=\"soft\">Nothing was found.</p>\n", out);
		return;
	}
	(void)fputs("<ol class=\"plain finds\">\n", out);
	json_array_foreach(findings, i, finding) put_finding(out, class, finding);
	(void)fputs("</ol>\n", out);
}
