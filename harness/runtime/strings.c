/* Functions of libc that copy, compare and sort, with what they read and write announced first.
 * They carry no hooks of their own: without this a copied structure would be invisible. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/libc.h"

/* Bytes that a function reads of a string of which it looks at no more than max bytes. */
static size_t string_bytes(const char *s, size_t max)
{
	size_t length = strnlen(s, max);

	return length < max ? length + 1 : max;
}

void *rt_memcpy(void *to, const void *from, size_t n);
void *rt_memcpy(void *to, const void *from, size_t n)
{
	libc_reads(from, n, PC());
	libc_writes(to, n, PC());
	return memcpy(to, from, n);
}

void *rt_memmove(void *to, const void *from, size_t n);
void *rt_memmove(void *to, const void *from, size_t n)
{
	libc_reads(from, n, PC());
	libc_writes(to, n, PC());
	return memmove(to, from, n);
}

void *rt_memset(void *to, int byte, size_t n);
void *rt_memset(void *to, int byte, size_t n)
{
	libc_writes(to, n, PC());
	return memset(to, byte, n);
}

void *rt_memccpy(void *to, const void *from, int byte, size_t n);
void *rt_memccpy(void *to, const void *from, int byte, size_t n)
{
	const char *last = memchr(from, byte, n);
	size_t copied = last ? (size_t)(last - (const char *)from) + 1 : n;

	libc_reads(from, copied, PC());
	libc_writes(to, copied, PC());
	memcpy(to, from, copied);
	return last ? (char *)to + copied : NULL;
}

void rt_bcopy(const void *from, void *to, size_t n);
void rt_bcopy(const void *from, void *to, size_t n)
{
	libc_reads(from, n, PC());
	libc_writes(to, n, PC());
	memmove(to, from, n);
}

void rt_bzero(void *to, size_t n);
void rt_bzero(void *to, size_t n)
{
	libc_writes(to, n, PC());
	memset(to, 0, n);
}

void rt_explicit_bzero(void *to, size_t n);
void rt_explicit_bzero(void *to, size_t n)
{
	libc_writes(to, n, PC());
	explicit_bzero(to, n);
}

int rt_memcmp(const void *a, const void *b, size_t n);
int rt_memcmp(const void *a, const void *b, size_t n)
{
	libc_reads(a, n, PC());
	libc_reads(b, n, PC());
	return memcmp(a, b, n);
}

int rt_bcmp(const void *a, const void *b, size_t n) __attribute__((alias("rt_memcmp")));

size_t rt_strlen(const char *s);
size_t rt_strlen(const char *s)
{
	libc_reads(s, strlen(s) + 1, PC());
	return strlen(s);
}

size_t rt_strnlen(const char *s, size_t max);
size_t rt_strnlen(const char *s, size_t max)
{
	libc_reads(s, string_bytes(s, max), PC());
	return strnlen(s, max);
}

/* How far two strings are compared: to the first difference, or the end. */
static size_t compared(const char *a, const char *b, size_t max)
{
	size_t n = 0;

	while (n < max && a[n] && a[n] == b[n])
		n++;
	return n < max ? n + 1 : max;
}

int rt_strcmp(const char *a, const char *b);
int rt_strcmp(const char *a, const char *b)
{
	size_t n = compared(a, b, SIZE_MAX);

	libc_reads(a, n, PC());
	libc_reads(b, n, PC());
	return strcmp(a, b);
}

/* No locale is ever set. */
int rt_strcoll(const char *a, const char *b) __attribute__((alias("rt_strcmp")));

int rt_strncmp(const char *a, const char *b, size_t max);
int rt_strncmp(const char *a, const char *b, size_t max)
{
	size_t n = compared(a, b, max);

	libc_reads(a, n, PC());
	libc_reads(b, n, PC());
	return strncmp(a, b, max);
}

char *rt_strcpy(char *to, const char *from);
char *rt_strcpy(char *to, const char *from)
{
	size_t n = strlen(from) + 1;

	libc_reads(from, n, PC());
	libc_writes(to, n, PC());
	return memcpy(to, from, n);
}

char *rt_stpcpy(char *to, const char *from);
char *rt_stpcpy(char *to, const char *from)
{
	size_t n = strlen(from) + 1;

	libc_reads(from, n, PC());
	libc_writes(to, n, PC());
	return (char *)memcpy(to, from, n) + n - 1;
}

char *rt_strncpy(char *to, const char *from, size_t n);
char *rt_strncpy(char *to, const char *from, size_t n)
{
	size_t length = strnlen(from, n);

	libc_reads(from, string_bytes(from, n), PC());
	libc_writes(to, n, PC());
	memset(to + length, 0, n - length);
	return memcpy(to, from, length);
}

char *rt_stpncpy(char *to, const char *from, size_t n);
char *rt_stpncpy(char *to, const char *from, size_t n)
{
	size_t length = strnlen(from, n);

	libc_reads(from, string_bytes(from, n), PC());
	libc_writes(to, n, PC());
	memset(to + length, 0, n - length);
	return (char *)memcpy(to, from, length) + length;
}

char *rt_strcat(char *to, const char *from);
char *rt_strcat(char *to, const char *from)
{
	size_t have = strlen(to), n = strlen(from) + 1;

	libc_reads(to, have + 1, PC());
	libc_reads(from, n, PC());
	libc_writes(to + have, n, PC());
	memcpy(to + have, from, n);
	return to;
}

char *rt_strncat(char *to, const char *from, size_t max);
char *rt_strncat(char *to, const char *from, size_t max)
{
	size_t have = strlen(to), n = strnlen(from, max);

	libc_reads(to, have + 1, PC());
	libc_reads(from, string_bytes(from, max), PC());
	libc_writes(to + have, n + 1, PC());
	memcpy(to + have, from, n);
	to[have + n] = '\0';
	return to;
}

/* The comparison is the submission's and hooked; what qsort moves is announced as one write. */
void rt_qsort(void *base, size_t count, size_t bytes, int (*compare)(const void *, const void *));
void rt_qsort(void *base, size_t count, size_t bytes, int (*compare)(const void *, const void *))
{
	libc_writes(base, count * bytes, PC());
	qsort(base, count, bytes, compare);
}

void rt_qsort_r(void *base, size_t count, size_t bytes,
		int (*compare)(const void *, const void *, void *), void *arg);
void rt_qsort_r(void *base, size_t count, size_t bytes,
		int (*compare)(const void *, const void *, void *), void *arg)
{
	libc_writes(base, count * bytes, PC());
	qsort_r(base, count, bytes, compare, arg);
}

void *rt_bsearch(const void *key, const void *base, size_t count, size_t bytes,
		 int (*compare)(const void *, const void *));
void *rt_bsearch(const void *key, const void *base, size_t count, size_t bytes,
		 int (*compare)(const void *, const void *))
{
	return bsearch(key, base, count, bytes, compare);
}
