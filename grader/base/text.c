/* Turns hostile bytes into text that is safe to show, and lays our own text out in columns. */
#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

/* The bytes of the character at p, 0 if they are not UTF-8. Overlong forms, surrogates and values
 * above U+10FFFF are refused: each of them has let some reader see another text than its filter. */
static size_t decode(const unsigned char *p, size_t left, uint32_t *character)
{
	if (p[0] < 0x80) {
		*character = p[0];
		return 1;
	}
	size_t length = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	static const unsigned char mask[] = { 0, 0, 0x1f, 0x0f, 0x07 };
	if (p[0] < 0xc2 || p[0] > 0xf4 || length > left)
		return 0;
	uint32_t value = p[0] & mask[length];
	for (size_t i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (p[i] & 0x3fU);
	}
	if (value < smallest[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*character = value;
	return length;
}

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static size_t count_lines(const unsigned char *p, size_t length)
{
	size_t lines = 0;
	for (size_t i = 0; i < length; i++)
		lines += p[i] == '\n';
	return lines + (length > 0 && p[length - 1] != '\n');
}

/* Writes one character of the source in a harmless form; returns the source bytes it took. */
static size_t put_clean(FILE *out, const unsigned char *p, size_t left, bool one_line)
{
	uint32_t c = 0;
	size_t length = decode(p, left, &c);
	if (length == 0) {
		(void)fprintf(out, "\\x%02x", p[0]);
		return 1;
	}
	if (c == '\t' || c == '\n')
		(void)fputc(one_line ? ' ' : (int)c, out);
	else if (is_control(c))
		(void)fprintf(out, "\\u%04x", c);
	else
		(void)fwrite(p, 1, length, out);
	return length;
}

static char *clean(const void *bytes, size_t length, bool one_line)
{
	const unsigned char *p = bytes;
	char *text = NULL;
	size_t written = 0;
	FILE *out = open_memstream(&text, &written);
	if (out == NULL)
		die("out of memory");
	size_t column = 0;
	size_t i = 0;
	while (i < length) {
		if (p[i] == '\n' && !one_line)
			column = 0;
		else if (++column > TEXT_LINE_CHARACTERS_MAX) {
			const unsigned char *end = one_line ? NULL
							    : memchr(p + i, '\n', length - i);
			(void)fputs(" [...]", out);
			i = end != NULL ? (size_t)(end - p) : length;
			column = 0;
			continue;
		}
		i += put_clean(out, p + i, length - i, one_line);
		if (ftell(out) > TEXT_BYTES_MAX && i < length) {
			size_t lines = count_lines(p + i, length - i);
			(void)fprintf(out, "\n[... %zu line%s left out]", lines,
				      lines == 1 ? "" : "s");
			break;
		}
	}
	if (fclose(out) != 0 || text == NULL)
		die("out of memory");
	return text;
}

char *text_clean(const void *bytes, size_t length)
{
	return clean(bytes, length, false);
}

char *text_clean_line(const void *bytes, size_t length)
{
	return clean(bytes, length, true);
}

char *text_escape(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	const size_t length = strlen(text);
	char *escaped = NULL;
	size_t written = 0;
	FILE *out = open_memstream(&escaped, &written);
	if (out == NULL)
		die("out of memory");
	for (size_t i = 0; i < length;)
		i += put_clean(out, p + i, length - i, false);
	if (fclose(out) != 0 || escaped == NULL)
		die("out of memory");
	return escaped;
}

bool text_is_utf8(const void *bytes, size_t length)
{
	const unsigned char *p = bytes;
	uint32_t character;
	for (size_t i = 0; i < length;) {
		size_t taken = decode(p + i, length - i, &character);
		if (taken == 0)
			return false;
		i += taken;
	}
	return true;
}

void text_points(char out[static TEXT_POINTS_BYTES], long hundredths)
{
	long rest = labs(hundredths % 100);
	const char *sign = hundredths < 0 ? "-" : "";
	long whole = labs(hundredths / 100);
	if (rest == 0)
		(void)snprintf(out, TEXT_POINTS_BYTES, "%s%ld", sign, whole);
	else if (rest % 10 == 0)
		(void)snprintf(out, TEXT_POINTS_BYTES, "%s%ld.%ld", sign, whole, rest / 10);
	else
		(void)snprintf(out, TEXT_POINTS_BYTES, "%s%ld.%02ld", sign, whole, rest);
}

size_t text_width(const char *text)
{
	size_t width = 0;
	for (; *text != '\0'; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static void wrap_line(FILE *out, const char *line, size_t length, int indent, size_t columns)
{
	size_t column = (size_t)indent;
	bool begun = false;
	(void)fprintf(out, "%*s", indent, "");
	for (size_t i = 0; i < length;) {
		size_t word = strcspn(line + i, " \n");
		char *copy = strndup(line + i, word);
		if (copy == NULL)
			die("out of memory");
		size_t width = text_width(copy);
		if (begun && column + 1 + width > columns) {
			(void)fprintf(out, "\n%*s", indent, "");
			column = (size_t)indent;
			begun = false;
		}
		(void)fprintf(out, "%s%s", begun ? " " : "", copy);
		column += width + (begun ? 1 : 0);
		begun = true;
		free(copy);
		i += word + 1;
	}
	(void)fputc('\n', out);
}

void text_wrap(FILE *out, const char *text, int indent, size_t columns)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");
		wrap_line(out, text, length, indent, columns);
		text += length + (text[length] == '\n');
	}
}
