/* One way out for every text: html_put escapes whatever %s brings, so that forgetting to escape
 * takes more typing than escaping. */
#include "report/html_write.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/json.h"

/* No number of ours is larger, and sums and products of such numbers still fit. */
#define NUMBER_MAX 1000000000000L

/* A character that no text should hold: its number, and in *length its bytes; 0 for any other. */
static uint32_t forbidden(const unsigned char *p, size_t left, size_t *length)
{
	*length = 1;
	if ((p[0] < 0x20 && p[0] != '\t' && p[0] != '\n') || p[0] == 0x7f)
		return p[0] == 0 ? 0xfffd : p[0];
	if (p[0] == 0xc2 && left > 1 && p[1] < 0xa0) {
		*length = 2;
		return p[1];
	}
	if ((p[0] != 0xe2 && p[0] != 0xef) || left < 3)
		return 0;
	const uint32_t c = (p[0] & 0x0fU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);
	*length = 3;
	return c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
			       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff
		       ? c
		       : 0;
}

void html_bytes(FILE *out, const char *text, size_t length)
{
	static const char *const names[256] = {
		['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"
	};
	for (size_t i = 0; i < length;) {
		const unsigned char byte = (unsigned char)text[i];
		size_t taken = 1;
		const uint32_t number = forbidden((const unsigned char *)text + i, length - i,
						  &taken);
		if (number != 0) {
			(void)fprintf(out, "\\u%04x", number);
			i += taken;
			continue;
		}
		if (names[byte] != NULL)
			(void)fputs(names[byte], out);
		else
			(void)fputc(byte, out);
		i++;
	}
}

void html_text(FILE *out, const char *text)
{
	html_bytes(out, text, strlen(text));
}

void html_put(FILE *out, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	for (const char *at = format; *at != '\0'; at++) {
		if (*at != '%') {
			(void)fputc(*at, out);
			continue;
		}
		at++;
		if (*at == 's')
			html_text(out, va_arg(arguments, const char *));
		else if (*at == 'd')
			(void)fprintf(out, "%d", va_arg(arguments, int));
		else if (*at == 'u')
			(void)fprintf(out, "%u", va_arg(arguments, unsigned));
		else if (*at == '%')
			(void)fputc('%', out);
		else if (strncmp(at, "zu", 2) == 0)
			(void)fprintf(out, "%zu", va_arg(arguments, size_t));
		else if (strncmp(at, "ld", 2) == 0)
			(void)fprintf(out, "%ld", va_arg(arguments, long));
		else if (strncmp(at, "lld", 3) == 0)
			(void)fprintf(out, "%lld", va_arg(arguments, long long));
		else
			die("html_put does not know \"%%%s\"", at);
		at += *at == 'z' ? 1 : *at == 'l' ? (at[1] == 'l' ? 2 : 1) : 0;
	}
	va_end(arguments);
}

void html_points(FILE *out, long hundredths)
{
	char text[TEXT_POINTS_BYTES];
	text_points(text, hundredths);
	(void)fputs(text, out);
}

long html_hundredths(const json_t *object, const char *key)
{
	const double value = json_number_value(json_object_get(object, key)) * 100;
	return lround(fmax(-NUMBER_MAX, fmin(value, NUMBER_MAX)));
}

long html_integer(const json_t *object, const char *key)
{
	const json_int_t value = json_integer_value(json_object_get(object, key));
	return value > NUMBER_MAX ? NUMBER_MAX : value < -NUMBER_MAX ? -NUMBER_MAX : (long)value;
}

void html_count(FILE *out, long count, const char *noun)
{
	html_put(out, "%ld %s%s", count, noun, count == 1 ? "" : "s");
}

void html_duration(FILE *out, long long ms)
{
	if (ms < 1000)
		(void)fprintf(out, "%lld\xc2\xa0ms", ms);
	else if (ms < 100000)
		(void)fprintf(out, "%.1f\xc2\xa0s", (double)ms / 1000);
	else
		(void)fprintf(out, "%lld\xc2\xa0min\xc2\xa0%02lld\xc2\xa0s", ms / 60000,
			      ms / 1000 % 60);
}

void html_time(FILE *out, const char *utc)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
	bool formed = strlen(utc) == strlen(form);
	for (size_t i = 0; formed && form[i] != '\0'; i++)
		formed = form[i] == 'd' ? utc[i] >= '0' && utc[i] <= '9' : utc[i] == form[i];
	const int month = formed ? (utc[5] - '0') * 10 + utc[6] - '0' : 0;
	if (month < 1 || month > 12) {
		html_text(out, utc);
		return;
	}
	(void)fprintf(out, "<time datetime=\"%s\">%d\xc2\xa0%s\xc2\xa0%.4s, %.5s\xc2\xa0UTC</time>",
		      utc, (utc[8] - '0') * 10 + utc[9] - '0', months[month - 1], utc, utc + 11);
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '.';
}

void html_id(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		(void)fputc(is_plain(*text) ? *text : '_', out);
}

bool html_is_entry(const char *name)
{
	if (*name == '\0' || *name == '.')
		return false;
	for (; *name != '\0'; name++)
		if (!is_plain(*name) && strchr("@+~", *name) == NULL)
			return false;
	return true;
}

void html_people(FILE *out, const json_t *entry)
{
	const json_t *members = json_object_get(entry, "members");
	size_t i, shown = 0;
	json_t *member;
	json_array_foreach(members, i, member)
	{
		const char *login = json_text_of(member, "login", NULL);
		const char *name = json_text_of(member, "name", login);
		if (name != NULL)
			html_put(out, "%s%s", shown++ > 0 ? ", " : "", name);
	}
	if (shown == 0)
		html_text(out, json_text_of(entry, "entry", "?"));
}
