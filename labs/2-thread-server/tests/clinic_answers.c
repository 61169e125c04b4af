/* One word of answers.conf. Whatever stands there is data: a text that cannot be read names none.
 */
#include <ctype.h>
#include <string.h>

#include "clinic.h"

static const char *skip(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

/* "name = word" in [p, end): true if it is this name. */
static bool take(const char *p, const char *end, const char *name, char out[CLINIC_WORD])
{
	const size_t length = strlen(name);
	size_t n = 0;

	if ((size_t)(end - p) < length || strncmp(p, name, length) != 0)
		return false;
	p = skip(p + length, end);
	if (p == end || *p != '=')
		return false;
	for (p = skip(p + 1, end); p < end && n < CLINIC_WORD; p++) {
		const int c = tolower((unsigned char)*p);
		if (!(c >= 'a' && c <= 'z') && c != '_')
			break;
		out[n++] = (char)c;
	}
	p = skip(p, end);
	if (n == CLINIC_WORD || (p < end && *p != ';' && *p != '#'))
		n = 0; /* more than one word */
	memset(out + n, 0, CLINIC_WORD - n);
	return true;
}

void clinic_answer(const char *text, size_t length, const char *name, char out[CLINIC_WORD])
{
	static const char section[] = "[clinic]";
	const char *const last = text + length;
	bool inside = false;

	memset(out, 0, CLINIC_WORD);
	for (const char *p = text, *end; p < last; p = end + 1) {
		end = memchr(p, '\n', (size_t)(last - p));
		end = end ? end : last;
		const char *first = skip(p, end);
		if (first < end && *first == '[')
			inside = (size_t)(end - first) >= strlen(section) &&
				 strncmp(first, section, strlen(section)) == 0;
		else if (inside && take(first, end, name, out))
			return;
	}
}
