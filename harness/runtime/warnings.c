/* Last words: warn, err and error of libc. Nobody reads them, as nothing else that is printed;
 * those that end the process do. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/libc.h"
#include "runtime/process.h"

static void say(const char *format, va_list arguments, uint32_t pc)
	__attribute__((format(printf, 1, 0)));
static void say(const char *format, va_list arguments, uint32_t pc)
{
	if (format)
		(void)format_length(format, arguments, pc);
}

static _Noreturn void leave(int status, uint32_t pc)
{
	if (!self)
		exit(status);
	process_exit(status, pc);
}

#define WARNS(name)                                                                    \
	void rt_##name(const char *format, ...) __attribute__((format(printf, 1, 2))); \
	void rt_##name(const char *format, ...)                                        \
	{                                                                              \
		va_list arguments;                                                     \
                                                                                       \
		va_start(arguments, format);                                           \
		say(format, arguments, PC());                                          \
		va_end(arguments);                                                     \
	}                                                                              \
	void rt_v##name(const char *format, va_list arguments)                         \
		__attribute__((format(printf, 1, 0)));                                 \
	void rt_v##name(const char *format, va_list arguments)                         \
	{                                                                              \
		say(format, arguments, PC());                                          \
	}
WARNS(warn)
WARNS(warnx)

#define ENDS(name)                                                                   \
	_Noreturn void rt_##name(int status, const char *format, ...)                \
		__attribute__((format(printf, 2, 3)));                               \
	_Noreturn void rt_##name(int status, const char *format, ...)                \
	{                                                                            \
		va_list arguments;                                                   \
                                                                                     \
		va_start(arguments, format);                                         \
		say(format, arguments, PC());                                        \
		va_end(arguments);                                                   \
		leave(status, PC());                                                 \
	}                                                                            \
	_Noreturn void rt_v##name(int status, const char *format, va_list arguments) \
		__attribute__((format(printf, 2, 0)));                               \
	_Noreturn void rt_v##name(int status, const char *format, va_list arguments) \
	{                                                                            \
		say(format, arguments, PC());                                        \
		leave(status, PC());                                                 \
	}
ENDS(err)
ENDS(errx)

void rt_error(int status, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));
void rt_error(int status, int code, const char *format, ...)
{
	va_list arguments;

	(void)code;
	va_start(arguments, format);
	say(format, arguments, PC());
	va_end(arguments);
	if (status)
		leave(status, PC());
}
