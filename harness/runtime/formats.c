/* Functions of libc that format into memory. What they write is announced when its length is known,
 * and before it is written. The arguments of %s are not announced as read. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/heap.h"
#include "runtime/libc.h"

/* How much it writes is found out first: what may not be written must not have been. */
static int formatted(char *to, size_t room, const char *format, va_list arguments, uint32_t pc)
	__attribute__((format(printf, 3, 0)));
static int formatted(char *to, size_t room, const char *format, va_list arguments, uint32_t pc)
{
	const int n = format_length(format, arguments, pc);

	if (n >= 0 && room)
		libc_writes(to, (size_t)n < room ? (size_t)n + 1 : room, pc);
	return vsnprintf(to, room, format, arguments);
}

int rt_snprintf(char *to, size_t room, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int rt_snprintf(char *to, size_t room, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int n = formatted(to, room, format, arguments, PC());
	va_end(arguments);
	return n;
}

int rt_vsnprintf(char *to, size_t room, const char *format, va_list arguments)
	__attribute__((format(printf, 3, 0)));
int rt_vsnprintf(char *to, size_t room, const char *format, va_list arguments)
{
	return formatted(to, room, format, arguments, PC());
}

int rt_sprintf(char *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
int rt_sprintf(char *to, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int n = formatted(to, INT32_MAX, format, arguments, PC());
	va_end(arguments);
	return n;
}

int rt_vsprintf(char *to, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));
int rt_vsprintf(char *to, const char *format, va_list arguments)
{
	return formatted(to, INT32_MAX, format, arguments, PC());
}

/* The text lies in a block of the submission's heap. */
static int allocated(char **to, const char *format, va_list arguments, uint32_t pc)
	__attribute__((format(printf, 2, 0)));
static int allocated(char **to, const char *format, va_list arguments, uint32_t pc)
{
	const int n = format_length(format, arguments, pc);
	char *p = n < 0 ? NULL : heap_allocate((size_t)n + 1, pc);

	if (!p)
		return -1;
	libc_writes(p, (size_t)n + 1, pc);
	libc_writes(to, sizeof(*to), pc);
	*to = p;
	return vsnprintf(p, (size_t)n + 1, format, arguments);
}

int rt_asprintf(char **to, const char *format, ...) __attribute__((format(printf, 2, 3)));
int rt_asprintf(char **to, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int n = allocated(to, format, arguments, PC());
	va_end(arguments);
	return n;
}

int rt_vasprintf(char **to, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));
int rt_vasprintf(char **to, const char *format, va_list arguments)
{
	return allocated(to, format, arguments, PC());
}
