/* Output: a submission may print what it likes, and nobody reads it. In an execution nothing is
 * written: fifty thousand executions of one line are a flood. %n, which writes to an address, is
 * refused. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "runtime/files.h"
#include "runtime/finding.h"
#include "runtime/libc.h"

enum { DPRINTF_BYTES = 8192 };

static void format_check(const char *format, uint32_t pc)
{
	for (const char *p = strchr(format, '%'); p; p = strchr(p + 1, '%')) {
		p += 1 + strspn(p + 1, "-+ #'0123456789.*$hlqjztIL");
		if (*p == 'n')
			finding_uncontrolled("a printf with %n", pc);
		if (*p == '\0')
			return;
	}
}

int format_length(const char *format, va_list arguments, uint32_t pc)
{
	va_list again;

	libc_reads_format(format, pc);
	format_check(format, pc);
	va_copy(again, arguments);
	int n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	return n;
}

int rt_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
int rt_printf(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int n = format_length(format, arguments, PC());
	va_end(arguments);
	return n;
}

int rt_fprintf(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
int rt_fprintf(FILE *to, const char *format, ...)
{
	va_list arguments;

	(void)to;
	va_start(arguments, format);
	int n = format_length(format, arguments, PC());
	va_end(arguments);
	return n;
}

int rt_vprintf(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));
int rt_vprintf(const char *format, va_list arguments)
{
	return format_length(format, arguments, PC());
}

int rt_vfprintf(FILE *to, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));
int rt_vfprintf(FILE *to, const char *format, va_list arguments)
{
	(void)to;
	return format_length(format, arguments, PC());
}

int rt_puts(const char *text);
int rt_puts(const char *text)
{
	libc_reads(text, strlen(text) + 1, PC());
	return 1;
}

int rt_fputs(const char *text, FILE *to);
int rt_fputs(const char *text, FILE *to)
{
	(void)to;
	libc_reads(text, strlen(text) + 1, PC());
	return 1;
}

int rt_fputc(int c, FILE *to);
int rt_fputc(int c, FILE *to)
{
	(void)to;
	return (unsigned char)c;
}

int rt_putchar(int c);
int rt_putchar(int c)
{
	return (unsigned char)c;
}

size_t rt_fwrite(const void *from, size_t bytes, size_t n, FILE *to);
size_t rt_fwrite(const void *from, size_t bytes, size_t n, FILE *to)
{
	(void)to;
	libc_reads(from, bytes * n, PC());
	return n;
}

int rt_fflush(FILE *to);
int rt_fflush(FILE *to)
{
	(void)to;
	return 0;
}

/* Other names of the same. */
int rt_fflush_unlocked(FILE *to) __attribute__((alias("rt_fflush")));
int rt_fputc_unlocked(int c, FILE *to) __attribute__((alias("rt_fputc")));
int rt_fputs_unlocked(const char *text, FILE *to) __attribute__((alias("rt_fputs")));
int rt_putc(int c, FILE *to) __attribute__((alias("rt_fputc")));
int rt_putc_unlocked(int c, FILE *to) __attribute__((alias("rt_fputc")));
int rt_putchar_unlocked(int c) __attribute__((alias("rt_putchar")));
size_t rt_fwrite_unlocked(const void *from, size_t bytes, size_t n, FILE *to)
	__attribute__((alias("rt_fwrite")));

void rt_perror(const char *text);
void rt_perror(const char *text)
{
	if (text)
		libc_reads(text, strlen(text) + 1, PC());
}

/* What goes to a descriptor is written, or fails, as write would. */
static int to_descriptor(int fd, const char *format, va_list arguments, uint32_t pc)
	__attribute__((format(printf, 2, 0)));
static int to_descriptor(int fd, const char *format, va_list arguments, uint32_t pc)
{
	char text[DPRINTF_BYTES];

	int n = format_length(format, arguments, pc);
	if (!self || n < 0 || (fd >= 0 && fd < FILE_FIRST))
		return n;
	if (n >= DPRINTF_BYTES)
		finding_uncontrolled("a dprintf of 8 KiB", pc);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	file_point(pc);
	for (int done = 0; done < n;) {
		ssize_t put = file_write(fd, text + done, (size_t)(n - done), pc);
		if (put < 0)
			return -1;
		done += (int)put;
	}
	return n;
}

int rt_dprintf(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));
int rt_dprintf(int fd, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int n = to_descriptor(fd, format, arguments, PC());
	va_end(arguments);
	return n;
}

int rt_vdprintf(int fd, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));
int rt_vdprintf(int fd, const char *format, va_list arguments)
{
	return to_descriptor(fd, format, arguments, PC());
}
