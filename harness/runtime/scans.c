/* sscanf: the directives of the format are done one by one, each by libc's own sscanf into memory
 * of ours; so what it writes is known, and announced, before it is written.
 *
 * Source: sscanf(3), ISO C17 7.21.6.2. Of the text, all is announced as read: C takes it for a
 * string, and libc looks for its end. */
#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/finding.h"
#include "runtime/libc.h"

#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* pieces of the submission's format */

enum { PIECE_BYTES = 300 };

/* One conversion of a format. */
struct conversion {
	const char *end; /* of it, in the format */
	bool dropped;    /* "%*" */
	char letter;
	size_t bytes;           /* of what it writes, where that is a number */
	char text[PIECE_BYTES]; /* it, dropped or not, and "%n" */
};

static const char *skip_space(const char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

static size_t bytes_of(const char *length, size_t n, char letter)
{
	if (strchr("aAeEfFgG", letter))
		return n && *length == 'L' ? sizeof(long double)
		       : n                 ? sizeof(double)
					   : sizeof(float);
	if (letter == 'p')
		return sizeof(void *);
	if (n && *length == 'h')
		return n == 2 ? sizeof(char) : sizeof(short);
	return n ? sizeof(long) : sizeof(int);
}

/* Behind the set "[...]" at p; a "]" that comes first belongs to it. */
static const char *set_end(const char *p)
{
	p += 1 + (p[1] == '^');
	p += *p == ']';
	return p + strcspn(p, "]");
}

/* False: not a conversion that is known here. */
static bool conversion_read(struct conversion *c, const char *format)
{
	const char *p = format + 1;

	c->dropped = *p == '*';
	p += c->dropped;
	const char *const width = p;
	p += strspn(p, "0123456789");
	const char *const length = p;
	p += strspn(p, "hlLqjzt");
	const size_t modifiers = (size_t)(p - length);
	c->letter = *p;
	if (!*p || !strchr("diouxXpaAeEfFgGsc[n", *p) || (strchr("sc[", *p) && modifiers))
		return false;
	c->bytes = bytes_of(length, modifiers, *p);
	if (*p == '[')
		p = set_end(p);
	if (!*p)
		return false;
	c->end = p + 1;
	const bool as_text = strchr("sc[", c->letter);
	return snprintf(c->text, sizeof(c->text), "%%%s%.*s%%n", c->dropped || as_text ? "*" : "",
			(int)(c->end - width), width) < PIECE_BYTES;
}

static void store(void *to, const void *from, size_t bytes, uint32_t pc)
{
	libc_writes(to, bytes, pc);
	memcpy(to, from, bytes);
}

/* What the directive reads of s; -1: it does not match, -2: the text is at its end. */
static int convert(const struct conversion *c, const char *s, void *to, uint32_t pc)
{
	long double value[1]; /* as large, and as aligned, as any number */
	int used = -1;
	const bool as_text = strchr("sc[", c->letter);
	const int done = c->dropped || as_text ? sscanf(s, c->text, &used)
					       : sscanf(s, c->text, value, &used);

	if (used < 0)
		return done == EOF ? -2 : -1;
	if (c->dropped)
		return used;
	if (!as_text) {
		store(to, value, c->bytes, pc);
		return used;
	}
	const char *from = c->letter == 's' ? skip_space(s) : s;
	const size_t n = (size_t)(s + used - from);
	libc_writes(to, n + (c->letter != 'c'), pc);
	memcpy(to, from, n);
	if (c->letter != 'c')
		((char *)to)[n] = '\0';
	return used;
}

static int scan(const char *const s, const char *format, va_list places, uint32_t pc)
{
	const char *at = s;
	int done = 0;

	libc_reads(s, strlen(s) + 1, pc);
	libc_reads_format(format, pc);
	while (*format) {
		struct conversion c;
		if (isspace((unsigned char)*format)) {
			at = skip_space(at);
			format++;
			continue;
		}
		if (*format != '%' || format[1] == '%') {
			if (*format == '%') {
				at = skip_space(at);
				format++;
			}
			if (*at != *format)
				return *at || done ? done : EOF;
			at++;
			format++;
			continue;
		}
		if (!conversion_read(&c, format))
			finding_uncontrolled("a scanf with a rare conversion", pc);
		format = c.end;
		void *to = c.dropped ? NULL : va_arg(places, void *);
		if (c.letter == 'n') {
			const int64_t used = at - s;
			if (to)
				store(to, &used, c.bytes, pc);
			continue;
		}
		const int used = convert(&c, at, to, pc);
		if (used < 0)
			return used == -1 || done ? done : EOF;
		at += used;
		done += !c.dropped;
	}
	return done;
}

int rt_sscanf(const char *s, const char *format, ...) __attribute__((format(scanf, 2, 3)));
int rt_sscanf(const char *s, const char *format, ...)
{
	va_list places;

	va_start(places, format);
	int done = scan(s, format, places, PC());
	va_end(places);
	return done;
}

int rt_vsscanf(const char *s, const char *format, va_list places)
	__attribute__((format(scanf, 2, 0)));
int rt_vsscanf(const char *s, const char *format, va_list places)
{
	return scan(s, format, places, PC());
}

/* As C99 and later name them. */
int rt___isoc99_sscanf(const char *s, const char *format, ...) __attribute__((alias("rt_sscanf")));
int rt___isoc99_vsscanf(const char *s, const char *format, va_list places)
	__attribute__((alias("rt_vsscanf")));
