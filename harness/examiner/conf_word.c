/* Line by line; nothing is believed to end with a NUL. */
#include "conf_word.h"

#include <string.h>

static const char *skip(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

static bool is_end(const char *p, const char *end)
{
	return p == end || *p == ';' || *p == '#';
}

/* Behind the text if the line begins with it, else NULL. */
static const char *behind(const char *p, const char *end, const char *text)
{
	const size_t length = strlen(text);

	return (size_t)(end - p) >= length && memcmp(p, text, length) == 0 ? p + length : NULL;
}

static bool is_section(const char *p, const char *end, const char *section)
{
	p = behind(p + 1, end, section);
	return p && p < end && *p == ']' && is_end(skip(p + 1, end), end);
}

/* Behind the `=` of the line of this name, else NULL. */
static const char *value_of(const char *p, const char *end, const char *name)
{
	p = behind(p, end, name);
	p = p ? skip(p, end) : NULL;
	return p && p < end && *p == '=' ? skip(p + 1, end) : NULL;
}

static bool take_word(const char *p, const char *end, char out[CONF_WORD])
{
	size_t n = 0;

	for (; p < end && n < CONF_WORD; p++) {
		char c = *p;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!(c >= 'a' && c <= 'z') && c != '_')
			break;
		out[n++] = c;
	}
	if (n == CONF_WORD || !is_end(skip(p, end), end))
		n = 0;
	memset(out + n, 0, CONF_WORD - n);
	return n > 0;
}

bool conf_word(const char *text, size_t length, const char *section, const char *name,
	       char out[CONF_WORD])
{
	const char *const last = text + length;
	bool inside = false;

	memset(out, 0, CONF_WORD);
	for (const char *p = text, *end; p < last; p = end + 1) {
		end = memchr(p, '\n', (size_t)(last - p));
		end = end ? end : last;
		p = skip(p, end);
		const char *value = inside ? value_of(p, end, name) : NULL;
		if (value)
			return take_word(value, end, out);
		if (p < end && *p == '[')
			inside = is_section(p, end, section);
	}
	return false;
}
