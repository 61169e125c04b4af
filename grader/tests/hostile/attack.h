/* attack.h - how an attack that runs alone tells what it reached. Status 0: nothing; 1: something,
 * named in the last line of its output. It must do its harm wherever nothing stops it. */
#ifndef HOSTILE_ATTACK_H
#define HOSTILE_ATTACK_H
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int harms; /* reached so far; an attack goes on after the first */

__attribute__((format(printf, 1, 2))) static inline void harm(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	(void)printf("%s", harms++ == 0 ? "reached: " : ", ");
	(void)vprintf(format, arguments);
	va_end(arguments);
	(void)fflush(stdout);
}

/* A call that must not succeed. */
static inline void attempt(const char *what, long result)
{
	if (result >= 0)
		harm("%s", what);
}

static inline int done(const char *contained)
{
	(void)printf("%s\n", harms > 0 ? "" : contained);
	return harms > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
#endif
