/* Output: a submission may print what it likes, and nobody reads it. In an execution nothing is
 * written: fifty thousand executions of one line are a flood. %n, which writes to an address, is
 * refused. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "runtime/finding.h"
#include "runtime/libc.h"

void format_check(const char *format, uint32_t pc)
{
	for (const char *p = strchr(format, '%'); p; p = strchr(p + 1, '%')) {
		p += 1 + strspn(p + 1, "-+ #'0123456789.*$hlqjztIL");
		if (*p == 'n')
			finding_uncontrolled("a printf with %n", pc);
		if (*p == '\0')
			return;
	}
}

/* What it would have written, counted. */
static int count(const char *format, va_list arguments, uint32_t pc)
	__attribute__((format(printf, 1, 0)));
static int count(const char *format, va_list arguments, uint32_t pc)
{
	libc_reads_format(format, pc);
	format_check(format, pc);
	return vsnprintf(NULL, 0, format, arguments);
}

int rt_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
int rt_printf(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int n = count(format, arguments, PC());
	va_end(arguments);
	return n;
}

int rt_fprintf(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
int rt_fprintf(FILE *to, const char *format, ...)
{
	va_list arguments;

	(void)to;
	va_start(arguments, format);
	int n = count(format, arguments, PC());
	va_end(arguments);
	return n;
}

int rt_vprintf(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));
int rt_vprintf(const char *format, va_list arguments)
{
	return count(format, arguments, PC());
}

int rt_vfprintf(FILE *to, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));
int rt_vfprintf(FILE *to, const char *format, va_list arguments)
{
	(void)to;
	return count(format, arguments, PC());
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

void rt_perror(const char *text);
void rt_perror(const char *text)
{
	if (text)
		libc_reads(text, strlen(text) + 1, PC());
}
