/* The sources, a list item for each line, so that its number is no part of the text that is copied;
 * what was found at a line stands below it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "report/html_write.h"

enum { WORD_MAX = 16 };

/* A place of a finding in the file that is being shown. */
struct hit {
	long line;
	const json_t *test, *finding, *place;
	bool first;   /* of its finding          */
	size_t order; /* as the report tells them */
};

struct hits {
	struct hit *item;
	size_t count;
};

long html_source_index(const struct html_page *page, const char *file)
{
	size_t i;
	json_t *source;
	json_array_foreach(page->sources, i, source) if (strcmp(json_text_of(source, "name", ""),
								file) == 0) return (long)i +
		1;
	return -1;
}

static int by_line(const void *left, const void *right)
{
	const struct hit *a = left, *b = right;
	if (a->line != b->line)
		return a->line > b->line ? 1 : -1;
	return a->order > b->order ? 1 : -1;
}

static void add_hits(struct hits *hits, const char *file, const json_t *test)
{
	const json_t *finding = json_object_get(test, "finding");
	size_t i;
	json_t *place;
	json_array_foreach(json_object_get(finding, "where"), i, place)
	{
		if (strcmp(json_text_of(place, "file", ""), file) != 0)
			continue;
		hits->item = must_realloc(hits->item, (hits->count + 1) * sizeof *hits->item);
		hits->item[hits->count] = (struct hit){ .line = html_integer(place, "line"),
							.test = test,
							.finding = finding,
							.place = place,
							.first = i == 0,
							.order = hits->count };
		hits->count++;
	}
}

static void hits_make(const struct html_page *page, const char *file, struct hits *hits)
{
	size_t i;
	json_t *test;
	*hits = (struct hits){ 0 };
	json_array_foreach(page->tests, i,
			   test) if (json_is_object(json_object_get(test, "finding")) &&
				     html_told_by(page, test) == NULL) add_hits(hits, file, test);
	if (hits->count > 0)
		qsort(hits->item, hits->count, sizeof *hits->item, by_line);
}

static void put_note(const struct html_page *page, const struct hit *hit)
{
	const char *id = json_text_of(hit->test, "id", "?");
	const char *role = json_text_of(hit->place, "role", "");
	const char *thread = json_text_of(hit->place, "thread", "");
	(void)fputs("<div class=\"note\"><a href=\"#t-", page->out);
	html_id(page->out, id);
	html_put(page->out, "\">%s %s</a>", id, json_text_of(hit->finding, "id", "?"));
	html_put(page->out, "%s%s%s%s%s", *thread != '\0' || *role != '\0' ? ": " : "", thread,
		 *thread != '\0' ? " " : "", role, hit->first ? ". " : "");
	if (hit->first)
		html_text(page->out, json_text_of(hit->finding, "what", ""));
	(void)fputs("</div>", page->out);
}

static bool is_keyword(const char *word, size_t length)
{
	static const char *const words[] = {
		"if",     "else",   "for",    "while",   "do",     "switch",   "case",
		"return", "break",  "goto",   "static",  "const",  "continue", "struct",
		"enum",   "union",  "sizeof", "typedef", "extern", "default",  "volatile",
		"int",    "char",   "void",   "long",    "bool",   "unsigned", "_Atomic",
		"double", "signed", "short",  "inline",  "float",  "register", "restrict",
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i]) == length && memcmp(words[i], word, length) == 0)
			return true;
	return false;
}

/* The end of a string or character that begins at i. */
static size_t string_end(const char *line, size_t i, size_t length)
{
	const char quote = line[i++];
	while (i < length && line[i] != quote)
		i += line[i] == '\\' ? 2 : 1;
	return i < length ? i + 1 : length;
}

static void put_tagged(FILE *out, char tag, const char *text, size_t length)
{
	(void)fprintf(out, "<%c>", tag);
	html_bytes(out, text, length);
	(void)fprintf(out, "</%c>", tag);
}

/* One line of C in three tones: comments, strings, keywords. Only for the eye: nothing rests on
 * it. */
static void put_code(FILE *out, const char *line, size_t length, bool *comment)
{
	for (size_t i = 0, end; i < length; i = end) {
		const size_t left = length - i;
		const bool word = isalpha((unsigned char)line[i]) || line[i] == '_';
		if (*comment || (left > 1 && line[i] == '/' && line[i + 1] == '*')) {
			const size_t from = *comment ? i : i + 2;
			const char *close = from < length
						    ? memmem(line + from, length - from, "*/", 2)
						    : NULL;
			end = close != NULL ? (size_t)(close - line) + 2 : length;
			*comment = close == NULL;
			put_tagged(out, 'i', line + i, end - i);
		} else if (left > 1 && line[i] == '/' && line[i + 1] == '/') {
			end = length;
			put_tagged(out, 'i', line + i, left);
		} else if (line[i] == '"' || line[i] == '\'') {
			end = string_end(line, i, length);
			put_tagged(out, 'u', line + i, end - i);
		} else {
			for (end = i + 1; word && end < length &&
					  (isalnum((unsigned char)line[end]) || line[end] == '_');)
				end++;
			if (word && is_keyword(line + i, end - i))
				put_tagged(out, 'b', line + i, end - i);
			else
				html_bytes(out, line + i, end - i);
		}
	}
}

static void put_lines(const struct html_page *page, long index, const char *text,
		      const struct hits *hits)
{
	size_t h = 0;
	bool comment = false;
	long number = 1;
	while (h < hits->count && hits->item[h].line < 1)
		h++;
	for (const char *line = text; *line != '\0'; number++) {
		const size_t length = strcspn(line, "\n");
		const bool hit = h < hits->count && hits->item[h].line == number;
		(void)fprintf(page->out, "<li id=\"s%ld-%ld\"%s>", index, number,
			      hit ? " class=\"hit\"" : "");
		put_code(page->out, line, length, &comment);
		for (; h < hits->count && hits->item[h].line == number; h++)
			put_note(page, &hits->item[h]);
		/* A newline behind a note would be a line of its own. */
		(void)fputs(hit ? "</li>\n" : "\n", page->out);
		line += length + (line[length] == '\n');
	}
}

void html_sources(const struct html_page *page)
{
	size_t i;
	json_t *source;
	if (json_array_size(page->sources) == 0)
		return;
	(void)fputs("<h2>Sources <small>findings stand at their lines</small></h2>\n", page->out);
	json_array_foreach(page->sources, i, source)
	{
		const char *name = json_text_of(source, "name", "?");
		struct hits hits;
		hits_make(page, name, &hits);
		html_put(page->out, "<h3 class=\"mono\" id=\"s%zu\">%s", i + 1, name);
		if (hits.count > 0)
			html_put(page->out, " <small class=\"soft\">%zu %s</small>", hits.count,
				 hits.count == 1 ? "place of a finding" : "places of findings");
		(void)fputs("</h3>\n<ol class=\"src\">\n", page->out);
		put_lines(page, (long)i + 1, json_text_of(source, "text", ""), &hits);
		(void)fputs("</ol>\n", page->out);
		free(hits.item);
	}
}
