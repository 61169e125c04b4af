/* The table of all entries. Its cells hold what is sorted by and nothing else, since the script
 * reads them; a column that nobody fills is left out; a row is small, since a class can have a
 * thousand. */
#include <string.h>

#include "base/json.h"
#include "report/html_write.h"

struct column {
	const char *title;
	const char *class;                /* "n": numbers; "": none */
	bool (*has)(const json_t *entry); /* NULL: shown whatever is in it */
	void (*put)(FILE *out, const json_t *entry);
};

static bool is_integer(const json_t *entry, const char *key)
{
	return json_is_integer(json_object_get(entry, key));
}

static void put_points(FILE *out, const json_t *entry, const char *key)
{
	if (is_integer(entry, key))
		html_points(out, html_integer(entry, key));
}

bool html_has_page(const json_t *entry)
{
	const char *state = json_text_of(entry, "state", "");
	return html_is_entry(json_text_of(entry, "entry", "")) && strcmp(state, "missing") != 0 &&
	       strcmp(state, "queued") != 0;
}

static void put_name(FILE *out, const json_t *entry)
{
	if (html_has_page(entry))
		html_put(out, "<a href=\"entries/%s/report.html\">",
			 json_text_of(entry, "entry", ""));
	html_people(out, entry);
	(void)fputs(html_has_page(entry) ? "</a>" : "", out);
}

static bool has_entry(const json_t *entry)
{
	const json_t *members = json_object_get(entry, "members");
	return json_array_size(members) > 1 ||
	       json_is_string(json_object_get(json_array_get(members, 0), "name"));
}

static void put_entry(FILE *out, const json_t *entry)
{
	html_text(out, json_text_of(entry, "entry", "?"));
}

static void put_state(FILE *out, const json_t *entry)
{
	html_status(out, json_text_of(entry, "state", "?"));
}

static void put_score(FILE *out, const json_t *entry)
{
	put_points(out, entry, "score_c");
}

static bool has_final(const json_t *entry)
{
	return is_integer(entry, "final_c") &&
	       html_integer(entry, "final_c") != html_integer(entry, "score_c");
}

static void put_final(FILE *out, const json_t *entry)
{
	put_points(out, entry, "final_c");
}

static bool has_attempt(const json_t *entry)
{
	return is_integer(entry, "attempt");
}

static void put_attempt(FILE *out, const json_t *entry)
{
	if (has_attempt(entry))
		html_put(out, "%ld", html_integer(entry, "attempt"));
}

static bool is_late(const json_t *entry)
{
	return html_integer(entry, "late") == 1;
}

static bool has_time(const json_t *entry)
{
	return json_is_string(json_object_get(entry, "submitted")) || is_late(entry);
}

/* The year first, so that it sorts as it reads. */
static void put_time(FILE *out, const json_t *entry)
{
	const char *time = json_text_of(entry, "submitted", "");
	(void)fputs("<span class=\"nowrap\">", out);
	if (strlen(time) == strlen("2026-11-21T20:46:14Z") && time[10] == 'T') {
		html_bytes(out, time, 10);
		(void)fputc(' ', out);
		html_bytes(out, time + 11, 5);
	} else {
		html_text(out, time);
	}
	(void)fputs(is_late(entry) ? " late</span>" : "</span>", out);
}

/* "2: B.2, C.1": sorts by how many, and the filter finds each. The lab's prefix says nothing here.
 */
static void put_failed(FILE *out, const json_t *entry)
{
	const json_t *failed = json_object_get(entry, "failed");
	size_t i;
	json_t *test;
	json_array_foreach(failed, i, test)
	{
		const char *id = json_is_string(test) ? json_string_value(test) : "?";
		const char *dot = strchr(id, '.');
		if (i == 0)
			html_put(out, "%zu: ", json_array_size(failed));
		html_put(out, "%s%s", i > 0 ? ", " : "", dot != NULL ? dot + 1 : id);
	}
}

static bool has_finding(const json_t *entry)
{
	return json_is_string(json_object_get(entry, "worst_finding"));
}

static void put_finding(FILE *out, const json_t *entry)
{
	html_text(out, json_text_of(entry, "worst_finding", ""));
}

static bool has_note(const json_t *entry)
{
	return json_is_string(json_object_get(entry, "note")) || !is_integer(entry, "score_c");
}

static void put_note(FILE *out, const json_t *entry)
{
	const bool graded = is_integer(entry, "score_c");
	const char *note = json_text_of(entry, "note", "");
	html_put(out, "%s%s%s", graded ? "" : "no grade", graded || *note == '\0' ? "" : ": ",
		 note);
}

static const struct column columns[] = {
	{ "Name", "", NULL, put_name },
	{ "Entry", "", has_entry, put_entry },
	{ "State", "", NULL, put_state },
	{ "Score", "n", NULL, put_score },
	{ "Final", "n", has_final, put_final },
	{ "Attempt", "n", has_attempt, put_attempt },
	{ "Submitted", "", has_time, put_time },
	{ "Failed", "f", NULL, put_failed },
	{ "Worst finding", "", has_finding, put_finding },
	{ "Note", "o", has_note, put_note },
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

/* Whether anybody has something in it. */
static bool is_used(const struct column *column, const json_t *entries)
{
	size_t i;
	json_t *entry;
	if (column->has == NULL)
		return true;
	json_array_foreach(entries, i, entry) if (column->has(entry)) return true;
	return false;
}

/* <td>, <td class="n">, <th scope="col" ...> */
static void put_tag(FILE *out, const char *tag, const struct column *column)
{
	if (*column->class != '\0')
		(void)fprintf(out, "<%s class=\"%s\">", tag, column->class);
	else
		(void)fprintf(out, "<%s>", tag);
}

static void put_heads(FILE *out, const bool *used)
{
	(void)fputs("<thead><tr>", out);
	for (size_t c = 0; c < COLUMNS; c++) {
		if (!used[c])
			continue;
		put_tag(out, "th scope=\"col\" aria-sort=\"none\"", &columns[c]);
		html_put(out, "<button type=\"button\" disabled>%s</button>", columns[c].title);
	}
	(void)fputs("</thead>\n<tbody>\n", out);
}

static void put_row(FILE *out, const bool *used, const json_t *entry)
{
	(void)fputs("<tr>", out);
	for (size_t c = 0; c < COLUMNS; c++) {
		if (!used[c])
			continue;
		put_tag(out, c == 0 ? "th scope=\"row\"" : "td", &columns[c]);
		columns[c].put(out, entry);
	}
	(void)fputc('\n', out);
}

void html_entries(FILE *out, const json_t *class)
{
	const json_t *entries = json_object_get(class, "entries");
	bool used[COLUMNS];
	for (size_t c = 0; c < COLUMNS; c++)
		used[c] = is_used(&columns[c], entries);
	(void)fputs("<h2 id=\"all\">All entries <small>scores are of ", out);
	html_points(out, html_integer(class, "max_c"));
	(void)fputs("</small></h2>\n"
		    "<p class=\"tools\" id=\"tools\" hidden><label for=\"filter\">Filter</label>"
		    "<input id=\"filter\" type=\"search\" autocomplete=\"off\" "
		    "placeholder=\"name, state, test or finding\">"
		    "<span class=\"soft\" id=\"shown\" role=\"status\"></span></p>\n"
		    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"all\">"
		    "<table class=\"all\" id=\"entries\">\n",
		    out);
	put_heads(out, used);
	size_t i;
	json_t *entry;
	json_array_foreach(entries, i, entry) put_row(out, used, entry);
	(void)fputs("</table></div>\n", out);
}
