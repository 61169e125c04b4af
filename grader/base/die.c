/* Ends the program by our own fault: one line, status 2. */
#include "base/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_NO_GRADE = 2 };

__attribute__((format(printf, 1, 0))) static void print_message(const char *format,
								va_list arguments)
{
	(void)fflush(stdout);
	(void)fputs("grade: ", stderr);
	(void)vfprintf(stderr, format, arguments);
}

void die(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	print_message(format, arguments);
	va_end(arguments);
	(void)fputc('\n', stderr);
	exit(EXIT_NO_GRADE);
}

void die_errno(int error, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	print_message(format, arguments);
	va_end(arguments);
	(void)fprintf(stderr, ": %s\n", strerror(error));
	exit(EXIT_NO_GRADE);
}

void *must_alloc(unsigned long bytes)
{
	void *memory = calloc(1, bytes > 0 ? bytes : 1);
	if (memory == NULL)
		die("out of memory (%lu bytes)", bytes);
	return memory;
}

void *must_realloc(void *memory, unsigned long bytes)
{
	void *larger = realloc(memory, bytes > 0 ? bytes : 1);
	if (larger == NULL)
		die("out of memory (%lu bytes)", bytes);
	return larger;
}

char *must_strdup(const char *text)
{
	char *copy = strdup(text);
	if (copy == NULL)
		die("out of memory (%zu bytes)", strlen(text));
	return copy;
}

char *must_printf(const char *format, ...)
{
	char *text = NULL;
	va_list arguments;
	va_start(arguments, format);
	int length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0)
		die("out of memory");
	return text;
}
