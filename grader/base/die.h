/* base/die.h - the end of the program by our own fault or by wrong use. A submission's fault is
 * data, never an exit. */
#ifndef GRADER_DIE_H
#define GRADER_DIE_H

/* Prints "grade: " and the message to stderr and exits with status 2: no grade is given. [MT-Safe]
 */
void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* The same with ": " and the text of the errno value `error`. */
void die_errno(int error, const char *format, ...) __attribute__((noreturn, format(printf, 2, 3)));

/* calloc, realloc, strdup and asprintf that die when memory is out. The result is returned to the
 * caller. */
void *must_alloc(unsigned long bytes);
void *must_realloc(void *memory, unsigned long bytes);
char *must_strdup(const char *text);
char *must_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
