/* libc.h - libc functions that touch the submission's memory: they carry no hooks of their own. */
#ifndef RUNTIME_LIBC_H
#define RUNTIME_LIBC_H
#include <stddef.h>

#include "runtime/state.h"

/* A library function, called at pc, reads or writes these bytes. Nothing outside executions. */
void libc_reads(const void *from, size_t bytes, uint32_t pc);
void libc_writes(const void *to, size_t bytes, uint32_t pc);
/* Reads a format, nearly always a constant: no event is made of it. */
void libc_reads_format(const char *format, uint32_t pc);

/* print.c: refuses a format with %n. */
void format_check(const char *format, uint32_t pc);
#endif
