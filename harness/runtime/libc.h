/* libc.h - libc functions that touch the submission's memory: they carry no hooks of their own. */
#ifndef RUNTIME_LIBC_H
#define RUNTIME_LIBC_H
#include <stdarg.h>
#include <stddef.h>

#include "runtime/state.h"

/* A library function, called at pc, reads or writes these bytes. Nothing outside executions. */
void libc_reads(const void *from, size_t bytes, uint32_t pc);
void libc_writes(const void *to, size_t bytes, uint32_t pc);
/* Reads a format, nearly always a constant: no event is made of it. */
void libc_reads_format(const char *format, uint32_t pc);

/* print.c: how many bytes the text has, or -1; the format is announced as read, one with %n
 * refused. The arguments may be used again. */
int format_length(const char *format, va_list arguments, uint32_t pc)
	__attribute__((format(printf, 1, 0)));
#endif
