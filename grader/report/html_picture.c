/* A picture that comes as a file of the grader is copied tag by tag, and only if each tag and each
 * attribute is one that a drawing needs: a store or a folder that somebody has changed puts no
 * script and no link into a page. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "report/html_write.h"

static bool is_one_of(const char *name, size_t length, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strlen(*names) == length && memcmp(*names, name, length) == 0)
			return true;
	return false;
}

static bool is_tag(const char *name, size_t length)
{
	static const char *const tags[] = { "svg",  "style", "title",  "g",    "path", "rect",
					    "text", "tspan", "circle", "line", NULL };
	return is_one_of(name, length, tags);
}

static bool is_attribute(const char *name, size_t length)
{
	static const char *const attributes[] = {
		"class", "role", "viewBox",     "width",     "height", "d",         "x",  "y",
		"x1",    "y1",   "x2",          "y2",        "cx",     "cy",        "r",  "rx",
		"dx",    "dy",   "text-anchor", "transform", "xmlns",  "xml:space", NULL,
	};
	return is_one_of(name, length, attributes);
}

static size_t name_length(const char *at)
{
	return strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-:");
}

/* name="value" pairs up to > or />; NULL: something else. The name space is left out, since inside
 * of a page it needs none. */
static const char *copy_attributes(FILE *out, const char *at)
{
	for (;;) {
		const size_t blanks = strspn(at, " \n");
		at += blanks;
		if (*at == '>' || strncmp(at, "/>", 2) == 0) {
			const size_t length = *at == '>' ? 1 : 2;
			(void)fwrite(at, 1, length, out);
			return at + length;
		}
		const size_t name = name_length(at);
		if (blanks == 0 || name == 0 || !is_attribute(at, name) || at[name] != '=' ||
		    at[name + 1] != '"')
			return NULL;
		const size_t value = strcspn(at + name + 2, "\"<>");
		if (at[name + 2 + value] != '"')
			return NULL;
		if (strncmp(at, "xmlns", 5) != 0) {
			(void)fputc(' ', out);
			(void)fwrite(at, 1, name + value + 3, out);
		}
		at += name + value + 3;
	}
}

/* Rules that fetch nothing. */
static bool is_style(const char *text, size_t length)
{
	static const char *const words[] = { "url", "import", "\\", "expression" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (memmem(text, length, words[i], strlen(words[i])) != NULL)
			return false;
	return true;
}

/* One tag and the text after it. NULL: not one of ours. */
static const char *copy_tag(FILE *out, const char *at)
{
	const bool closes = at[1] == '/';
	const char *name = at + 1 + closes;
	const size_t length = name_length(name);
	if (*at != '<' || !is_tag(name, length))
		return NULL;
	(void)fwrite(at, 1, (size_t)(name - at) + length, out);
	const bool style = !closes && length == 5 && memcmp(name, "style", 5) == 0;
	at = copy_attributes(out, name + length);
	if (at == NULL)
		return NULL;
	const size_t text = strcspn(at, "<");
	if (style && !is_style(at, text))
		return NULL;
	(void)fwrite(at, 1, text, out);
	return at + text;
}

void html_picture(FILE *out, const char *svg)
{
	AUTO_FREE char *copy = NULL;
	size_t length = 0;
	FILE *memory = open_memstream(&copy, &length);
	if (memory == NULL)
		die("out of memory");
	const char *at = strncmp(svg, "<svg ", 5) == 0 ? svg : NULL;
	while (at != NULL && *at != '\0')
		at = copy_tag(memory, at);
	if (fclose(memory) != 0 || copy == NULL)
		die("out of memory");
	if (at == NULL)
		(void)fputs("<p>The picture of this test is damaged and not shown; grade again to "
			    "have it made anew.</p>\n",
			    out);
	else
		(void)fwrite(copy, 1, length, out);
}
