/* The overview, in the order in which an instructor asks: may I trust it, who needs me, how did the
 * class do, which tests were hard, what to teach again, and who had what. */
#include "report/html.h"

#include <string.h>

#include "base/json.h"
#include "report/html_write.h"

enum { STATES = 6 };

struct state {
	const char *name, *title;
	bool alarms;
};

static const struct state states[STATES] = {
	{ "final", "graded", false },          { "provisional", "provisional", false },
	{ "queued", "not yet graded", false }, { "ungraded", "ungraded, our fault", true },
	{ "unreadable", "unreadable", true },  { "missing", "handed nothing in", false },
};

static bool is_in(const json_t *entry, const char *state)
{
	return strcmp(json_text_of(entry, "state", ""), state) == 0;
}

static long count_in(const json_t *class, const char *state)
{
	const json_t *entries = json_object_get(class, "entries");
	long count = 0;
	size_t i;
	json_t *entry;
	json_array_foreach(entries, i, entry) count += is_in(entry, state);
	return count;
}

static void put_tiles(FILE *out, const json_t *class)
{
	long sum = 0, graded = 0, full = 0;
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(class, "entries"), i, entry)
	{
		const long score = html_integer(entry, "score_c");
		if (!json_is_integer(json_object_get(entry, "score_c")))
			continue;
		graded++;
		sum += score;
		full += score == html_integer(class, "max_c");
	}
	html_put(out, "<dl class=\"tiles\"><div><dt>entries<dd>%zu</div>\n",
		 json_array_size(json_object_get(class, "entries")));
	for (i = 0; i < STATES; i++) {
		const long count = count_in(class, states[i].name);
		if (count > 0)
			html_put(out,
				 states[i].alarms ? "<div class=\"alarm\"><dt>%s<dd>%ld</div>\n"
						  : "<div><dt>%s<dd>%ld</div>\n",
				 states[i].title, count);
	}
	if (graded > 0) {
		(void)fputs("<div><dt>mean of ", out);
		html_points(out, html_integer(class, "max_c"));
		(void)fputs("<dd>", out);
		html_points(out, (sum / graded + 5) / 10 * 10);
		html_put(out, "</div>\n<div><dt>full marks<dd>%ld</div>\n", full);
	}
	(void)fputs("</dl>\n", out);
}

static void put_fact(FILE *out, const char *name, const char *value)
{
	if (*value != '\0')
		html_put(out, "<dt>%s<dd class=\"mono\">%s\n", name, value);
}

static void put_when(FILE *out, const json_t *class)
{
	const char *started = json_text_of(class, "started", NULL);
	const char *finished = json_text_of(class, "finished", NULL);
	if (started == NULL)
		return;
	(void)fputs("<dt>graded<dd>", out);
	html_time(out, started);
	(void)fputs(finished != NULL ? " to " : ", not finished yet", out);
	if (finished != NULL)
		html_time(out, finished);
	(void)fputc('\n', out);
}

static void put_audit(FILE *out, const json_t *audit)
{
	const long differences = html_integer(audit, "differences");
	if (!json_is_object(audit))
		return;
	html_put(out, "<p>");
	html_status(out, differences == 0 ? "pass" : "fail");
	(void)fputs(" audit: ", out);
	html_count(out, html_integer(audit, "sample"), "submission");
	(void)fputs(" graded again, \xc3\x97 ", out);
	html_count(out, html_integer(audit, "conditions"), "condition");
	(void)fputs(", ", out);
	html_count(out, differences, "difference");
	(void)fputs(differences == 0 ? ".</p>\n"
				     : ". That is a defect of the grader: both versions lie in "
				       "audit/, do not publish these grades.</p>\n",
		    out);
}

/* A link; what it leads to is no part of any grade. */
static void put_similar(FILE *out, const json_t *similarity)
{
	if (!json_is_object(similarity))
		return;
	long pairs = 0;
	size_t i;
	json_t *file;
	json_array_foreach(json_object_get(similarity, "files"), i, file)
		pairs += html_integer(file, "pairs");
	html_put(out, "<p><a href=\"similarity.html\">Similar hand-ins: ");
	html_count(out, pairs, "pair");
	(void)fputs("</a>, a hint to read, not a verdict.</p>\n", out);
}

/* What these grades rest on. */
static void put_run(FILE *out, const json_t *class)
{
	(void)fputs("<h2>This run</h2>\n", out);
	(void)fputs("<dl class=\"facts\">\n", out);
	put_when(out, class);
	put_fact(out, "read as", json_text_of(class, "layout", ""));
	put_fact(out, "isolation", json_text_of(class, "isolation", ""));
	put_fact(out, "seed", json_text_of(class, "seed", ""));
	put_fact(out, "grade key", json_text_of(class, "grade_key", ""));
	(void)fputs("</dl>\n", out);
	put_audit(out, json_object_get(class, "audit"));
	put_similar(out, json_object_get(class, "similarity"));
}

static void put_head(FILE *out, const json_t *class)
{
	html_put(out, "<header>\n<p class=\"eyebrow\"><b>Interleave</b> %s %s</p>\n<h1>%s</h1>\n",
		 "\xc2\xb7 report of a class \xc2\xb7", json_text_of(class, "lab", "?"),
		 json_text_of(class, "title", json_text_of(class, "lab", "?")));
	put_tiles(out, class);
	size_t i;
	json_t *warning;
	json_array_foreach(json_object_get(class, "warnings"), i, warning)
		html_put(out, "<p class=\"first\">Warning: %s</p>\n",
			 json_is_string(warning) ? json_string_value(warning) : "?");
	(void)fputs("</header>\n<main id=\"main\">\n", out);
}

/* Those for whom somebody has to do something, before everything else. */
static void put_needed(FILE *out, const json_t *class)
{
	static const char *const needs[] = { "ungraded", "unreadable" };
	const long ungraded = count_in(class, needs[0]), unreadable = count_in(class, needs[1]);
	if (ungraded + unreadable == 0)
		return;
	html_put(out, "<section class=\"look\">\n<h2>No grade: ");
	html_count(out, ungraded + unreadable, "submission");
	html_put(out, " to look at</h2>\n<p>%s%s</p>\n<table>\n",
		 ungraded > 0
			 ? "Ungraded is the grader's own fault and costs nothing: run the batch "
			   "again. "
			 : "",
		 unreadable > 0 ? "Unreadable must be handed in again, or looked at by hand." : "");
	for (size_t n = 0; n < sizeof needs / sizeof needs[0]; n++) {
		size_t i;
		json_t *entry;
		json_array_foreach(json_object_get(class, "entries"), i, entry)
		{
			const char *name = json_text_of(entry, "entry", "?");
			if (!is_in(entry, needs[n]))
				continue;
			html_put(out, "<tr><th scope=\"row\">");
			html_people(out, entry);
			(void)fputs("<td>", out);
			html_status(out, needs[n]);
			html_put(out, "<td>%s <span class=\"soft mono\">%s</span>\n",
				 json_text_of(entry, "note", "no reason is known"),
				 json_text_of(entry, "origin", name));
		}
	}
	(void)fputs("</table>\n</section>\n", out);
}

static void put_missing(FILE *out, const json_t *class)
{
	const long missing = count_in(class, "missing");
	size_t i, shown = 0;
	json_t *entry;
	if (missing == 0)
		return;
	html_put(out, "<details><summary>");
	html_count(out, missing, "person");
	(void)fputs(" of the roster handed nothing in</summary><p>", out);
	json_array_foreach(json_object_get(class, "entries"), i, entry)
	{
		if (!is_in(entry, "missing"))
			continue;
		(void)fputs(shown++ > 0 ? ", " : "", out);
		html_people(out, entry);
	}
	(void)fputs("</p></details>\n", out);
}

void html_class(FILE *out, const json_t *class)
{
	html_begin(out, json_text_of(class, "title", json_text_of(class, "lab", "class")),
		   HTML_OVERVIEW);
	put_head(out, class);
	put_needed(out, class);
	put_missing(out, class);
	(void)fputs("<div class=\"two\"><section>\n<h2>Scores</h2>\n", out);
	html_distribution(out, class);
	(void)fputs("</section><section>\n", out);
	put_run(out, class);
	(void)fputs("</section></div>\n", out);
	html_class_findings(out, class);
	html_class_tests(out, class);
	html_entries(out, class);
	(void)fputs("</main>\n", out);
	html_end(out, HTML_OVERVIEW);
}
