/* How a cell is spelled: quotes where a parser needs them, a guard where a spreadsheet would run
 * it. */
#include "base/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"

static bool needs_quotes(const char *text, char separator)
{
	const char special[] = { separator, '"', '\n', '\r', '\0' };
	return strpbrk(text, special) != NULL;
}

void csv_spell(FILE *out, const char *text, char separator, bool quoted)
{
	if (!quoted && !needs_quotes(text, separator)) {
		(void)fputs(text, out);
		return;
	}
	(void)fputc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			(void)fputc('"', out);
		(void)fputc(*text, out);
	}
	(void)fputc('"', out);
}

void csv_put(FILE *out, bool first, const char *text)
{
	if (!first)
		(void)fputc(',', out);
	csv_spell(out, text, ',', false);
}

void csv_end(FILE *out)
{
	(void)fputc('\n', out);
}

/* "-1.5", "+3", ".5": a sign, digits, at most one point. */
static bool is_number(const char *text)
{
	text += *text == '-' || *text == '+';
	size_t whole = strspn(text, "0123456789");
	size_t point = text[whole] == '.';
	size_t parts = strspn(text + whole + point, "0123456789");
	return whole + (point != 0 ? parts : 0) > 0 && text[whole + point + parts] == '\0';
}

static bool begins_formula(const char *text)
{
	static const char *const signs[] = {
		"=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"
	};
	text += strspn(text, " \"\xc2\xa0");
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (strncmp(text, signs[i], strlen(signs[i])) == 0)
			return true;
	return false;
}

void csv_put_guarded(FILE *out, bool first, const char *text)
{
	if (is_number(text)) {
		csv_put(out, first, text);
		return;
	}
	char *guarded = must_alloc(2 * strlen(text) + 2);
	size_t length = 0;
	bool start = true;
	for (const char *p = text; *p != '\0'; p++) {
		if (start && ((p == text && (*p == '\t' || *p == '\r')) || begins_formula(p)))
			guarded[length++] = '\'';
		guarded[length++] = *p;
		start = strchr(";\t\r\n", *p) != NULL;
	}
	guarded[length] = '\0';
	csv_put(out, first, guarded);
	free(guarded);
}
