/* Pairs of hand-ins that are alike: what to read, before anybody says anything. */
#include "base/json.h"
#include "report/html.h"
#include "report/html_write.h"

static long sum_of(const json_t *similarity, const char *key)
{
	long sum = 0;
	size_t i;
	json_t *file;
	json_array_foreach(json_object_get(similarity, "files"), i, file)
		sum += html_integer(file, key);
	return sum;
}

static void put_head(FILE *out, const json_t *class, const json_t *similarity)
{
	html_put(out, "<header>\n<p class=\"eyebrow\"><b>Interleave</b> %s %s</p>\n",
		 "\xc2\xb7 similar hand-ins \xc2\xb7", json_text_of(class, "lab", "?"));
	(void)fputs("<h1>", out);
	html_count(out, sum_of(similarity, "pairs"), "pair");
	(void)fputs(" of files to look at</h1>\n"
		    "<p class=\"first\"><b>A hint to read, not a verdict.</b> A program found the "
		    "same tokens in two hand-ins, whatever their names and comments. People who "
		    "read the same handout write similar code, short files above all. Read both "
		    "places before you say anything. No grade knows of this page.</p>\n"
		    "<p><a href=\"report.html\">Back to the class</a></p>\n"
		    "</header>\n<main id=\"main\">\n",
		    out);
}

/* A link to the line on the student's page, or the lines alone. */
static void put_lines(FILE *out, const json_t *entry, const json_t *side)
{
	const char *name = json_text_of(side, "entry", "");
	const bool linked = entry != NULL && html_has_page(entry) &&
			    html_integer(side, "source") > 0 && html_integer(side, "first") > 0;
	if (linked)
		html_put(out, "<a href=\"entries/%s/report.html#s%ld-%ld\">", name,
			 html_integer(side, "source"), html_integer(side, "first"));
	html_put(out, "%ld\xe2\x80\x93%ld%s", html_integer(side, "first"),
		 html_integer(side, "last"), "");
	(void)fputs(linked ? "</a>" : "", out);
}

static void put_who(FILE *out, const json_t *entry, const json_t *side)
{
	const char *name = json_text_of(side, "entry", "?");
	const bool linked = entry != NULL && html_has_page(entry);
	if (linked)
		html_put(out, "<a href=\"entries/%s/report.html\">", name);
	if (entry != NULL)
		html_people(out, entry);
	else
		html_text(out, name);
	(void)fputs(linked ? "</a>" : "", out);
}

static void put_pair(FILE *out, const json_t *class, const json_t *pair)
{
	const json_t *a = json_object_get(pair, "a"), *b = json_object_get(pair, "b");
	const json_t *one = html_entry_named(class, json_text_of(a, "entry", ""));
	const json_t *other = html_entry_named(class, json_text_of(b, "entry", ""));
	(void)fputs("<tr><th scope=\"row\">", out);
	put_who(out, one, a);
	html_put(out, "<td class=\"n\">%ld\xc2\xa0%%<td>", html_integer(a, "percent"));
	put_who(out, other, b);
	html_put(out,
		 "<td class=\"n\">%ld\xc2\xa0%%<td class=\"mono\">%s<td class=\"n\">%ld tokens<td>",
		 html_integer(b, "percent"), json_text_of(pair, "file", "?"),
		 html_integer(pair, "tokens"));
	put_lines(out, one, a);
	(void)fputs("<td>", out);
	put_lines(out, other, b);
	(void)fputc('\n', out);
}

static void put_pairs(FILE *out, const json_t *class, const json_t *pairs)
{
	size_t i;
	json_t *pair;
	if (json_array_size(pairs) == 0) {
		(void)fputs("<p>No two hand-ins are alike by these bounds.</p>\n", out);
		return;
	}
	(void)fputs(
		"<h2 id=\"pairs\">Pairs <small>the most alike of each file first</small></h2>\n"
		"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"pairs\">"
		"<table class=\"pairs\"><thead><tr><th scope=\"col\">A<th scope=\"col\" "
		"class=\"n\">of A in B<th scope=\"col\">B<th "
		"scope=\"col\" class=\"n\">of B in A<th scope=\"col\">File<th scope=\"col\" "
		"class=\"n\">longest run<th "
		"scope=\"col\">lines in A<th scope=\"col\">lines in B</thead><tbody>\n",
		out);
	json_array_foreach(pairs, i, pair) put_pair(out, class, pair);
	(void)fputs("</table></div>\n", out);
}

static void put_file(FILE *out, const json_t *file)
{
	const char *why = json_text_of(file, "why", NULL);
	html_put(out, "<li><span class=\"mono\">%s</span>: ", json_text_of(file, "file", "?"));
	if (why != NULL) {
		html_put(out, "not compared: %s.\n", why);
		return;
	}
	html_count(out, html_integer(file, "texts"), "hand-in");
	(void)fputs(" compared, ", out);
	html_count(out, html_integer(file, "pairs"), "pair");
	(void)fputs(" alike", out);
	if (html_integer(file, "failed") > 0) {
		(void)fputs("; in vain were looked at ", out);
		html_count(out, html_integer(file, "failed"), "pair");
	}
	if (json_is_true(json_object_get(file, "more")))
		(void)fputs("; there were more to look at than the bound allows", out);
	(void)fputs(".\n", out);
}

static void put_left_out(FILE *out, const json_t *class, const json_t *list)
{
	size_t i;
	json_t *item;
	if (json_array_size(list) == 0)
		return;
	(void)fputs("<h2>Left out: look at these by hand</h2>\n<ul>\n", out);
	json_array_foreach(list, i, item)
	{
		const json_t *entry = html_entry_named(class, json_text_of(item, "entry", ""));
		(void)fputs("<li>", out);
		put_who(out, entry, item);
		html_put(out, ", <span class=\"mono\">%s</span>: %s\n",
			 json_text_of(item, "file", "?"), json_text_of(item, "why", "?"));
	}
	(void)fputs("</ul>\n", out);
}

static void put_how(FILE *out, const json_t *similarity)
{
	const long kept = (long)json_array_size(json_object_get(similarity, "pairs"));
	size_t i;
	json_t *file;
	html_put(out, "<h2>How it was done</h2>\n<p>sim_c (Debian: similarity-tester) compares "
		      "tokens: all names are one, so are all numbers and all texts. What the lab "
		      "gave, skeleton and header, was taken out first. A run has at least ");
	html_count(out, html_integer(similarity, "min_tokens"), "token");
	html_put(out,
		 "; a pair is shown if %ld\xc2\xa0%% of either file are in such runs. The hand-ins "
		 "of one team or one person are not compared with each other. Both numbers stand "
		 "in batch.conf, section [similarity].</p>\n<ul>\n",
		 html_integer(similarity, "report_above"));
	json_array_foreach(json_object_get(similarity, "files"), i, file) put_file(out, file);
	(void)fputs("</ul>\n", out);
	if (sum_of(similarity, "pairs") > kept)
		html_put(out, "<p>%ld pairs are shown, those that are the most alike.</p>\n", kept);
}

void html_similar(FILE *out, const json_t *class)
{
	const json_t *similarity = json_object_get(class, "similarity");
	html_begin(out, "Similar hand-ins", HTML_SIMILAR);
	put_head(out, class, similarity);
	put_pairs(out, class, json_object_get(similarity, "pairs"));
	put_left_out(out, class, json_object_get(similarity, "left_out"));
	put_how(out, similarity);
	(void)fputs("</main>\n", out);
	html_end(out, HTML_SIMILAR);
}
