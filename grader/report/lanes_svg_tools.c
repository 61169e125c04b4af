/* Text in a picture: escaped, cut to its room, wrapped into lines. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/text.h"
#include "report/lanes_svg.h"

enum { WHAT_TENTHS = 84 }; /* of a pixel, for a character of a paragraph */

void svg_escape(FILE *out, const char *text)
{
	static const char *const names[256] = {
		['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"
	};
	for (; *text != '\0'; text++) {
		const char *name = names[(unsigned char)*text];
		if (name != NULL)
			(void)fputs(name, out);
		else
			(void)fputc(*text, out);
	}
}

void svg_text(const struct svg *svg, const char *class, int x, int y, const char *text)
{
	(void)fprintf(svg->out, "<text class=\"%s\" x=\"%d\" y=\"%d\" xml:space=\"preserve\">",
		      class, x, y);
	svg_escape(svg->out, text);
	(void)fputs("</text>\n", svg->out);
}

char *svg_fit(const char *text, size_t characters)
{
	size_t bytes = 0, width = 0;
	if (text_width(text) <= characters)
		return must_strdup(text);
	for (; text[bytes] != '\0'; bytes++)
		if (((unsigned char)text[bytes] & 0xc0) != 0x80 && ++width + 1 > characters)
			break;
	return must_printf("%.*s\xe2\x80\xa6", (int)bytes, text);
}

void svg_text_fit(const struct svg *svg, const char *class, int x, int y, const char *text,
		  size_t characters)
{
	AUTO_FREE char *shown = svg_fit(text, characters);
	svg_text(svg, class, x, y, shown);
}

/* Lines of a paragraph at most as wide as the picture. Returned (free each word list). */
static size_t paragraph_lines(const struct svg *svg, const char *text, char **wrapped)
{
	const size_t columns = (size_t)((svg->width - 2 * SVG_MARGIN) * 10 / WHAT_TENTHS);
	size_t length = 0, lines = 0;
	FILE *out = open_memstream(wrapped, &length);
	if (out == NULL)
		die("out of memory");
	text_wrap(out, text, 0, columns);
	if (fclose(out) != 0 || *wrapped == NULL)
		die("out of memory");
	for (const char *at = *wrapped; *at != '\0'; at++)
		lines += *at == '\n';
	return lines;
}

int svg_paragraph(const struct svg *svg, const char *class, int y, const char *text)
{
	AUTO_FREE char *wrapped = NULL;
	(void)paragraph_lines(svg, text, &wrapped);
	char *rest = wrapped;
	for (char *line = strsep(&rest, "\n"); line != NULL && *line != '\0';
	     line = strsep(&rest, "\n")) {
		svg_text(svg, class, SVG_MARGIN, y, line);
		y += SVG_HEAD_LINE;
	}
	return y;
}
