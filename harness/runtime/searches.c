/* Functions of libc that search, split and compare texts, with what they read and write announced
 * first. A search announces what it looks at up to its find, never more: what lies behind
 * may belong to somebody else. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "runtime/libc.h"

static void reads_text(const char *s, uint32_t pc)
{
	libc_reads(s, strlen(s) + 1, pc);
}

void *rt_memchr(const void *s, int byte, size_t n);
void *rt_memchr(const void *s, int byte, size_t n)
{
	char *found = memchr(s, byte, n);

	libc_reads(s, found ? (size_t)(found - (const char *)s) + 1 : n, PC());
	return found;
}

void *rt_rawmemchr(const void *s, int byte);
void *rt_rawmemchr(const void *s, int byte)
{
	char *found = rawmemchr(s, byte);

	libc_reads(s, (size_t)(found - (const char *)s) + 1, PC());
	return found;
}

void *rt_memmem(const void *s, size_t n, const void *part, size_t m);
void *rt_memmem(const void *s, size_t n, const void *part, size_t m)
{
	char *found = memmem(s, n, part, m);

	libc_reads(s, found ? (size_t)(found - (const char *)s) + m : n, PC());
	libc_reads(part, m, PC());
	return found;
}

void *rt_memrchr(const void *s, int byte, size_t n);
void *rt_memrchr(const void *s, int byte, size_t n)
{
	char *found = memrchr(s, byte, n);
	const char *from = found ? found : s;

	libc_reads(from, (size_t)((const char *)s + n - from), PC());
	return found;
}

void *rt_mempcpy(void *to, const void *from, size_t n);
void *rt_mempcpy(void *to, const void *from, size_t n)
{
	libc_reads(from, n, PC());
	libc_writes(to, n, PC());
	return (char *)memcpy(to, from, n) + n;
}

char *rt_strchr(const char *s, int c);
char *rt_strchr(const char *s, int c)
{
	char *found = strchr(s, c);

	libc_reads(s, found ? (size_t)(found - s) + 1 : strlen(s) + 1, PC());
	return found;
}

char *rt_strrchr(const char *s, int c);
char *rt_strrchr(const char *s, int c)
{
	reads_text(s, PC());
	return strrchr(s, c);
}

char *rt_index(const char *s, int c) __attribute__((alias("rt_strchr")));
char *rt_rindex(const char *s, int c) __attribute__((alias("rt_strrchr")));

char *rt_basename(const char *path);
char *rt_basename(const char *path)
{
	reads_text(path, PC());
	return basename(path);
}

char *rt_strstr(const char *s, const char *part);
char *rt_strstr(const char *s, const char *part)
{
	char *found = strstr(s, part);

	libc_reads(s, found ? (size_t)(found - s) + strlen(part) : strlen(s) + 1, PC());
	reads_text(part, PC());
	return found;
}

char *rt_strcasestr(const char *s, const char *part);
char *rt_strcasestr(const char *s, const char *part)
{
	char *found = strcasestr(s, part);

	libc_reads(s, found ? (size_t)(found - s) + strlen(part) : strlen(s) + 1, PC());
	reads_text(part, PC());
	return found;
}

char *rt_strchrnul(const char *s, int c);
char *rt_strchrnul(const char *s, int c)
{
	char *found = strchrnul(s, c);

	libc_reads(s, (size_t)(found - s) + 1, PC());
	return found;
}

size_t rt_strspn(const char *s, const char *set);
size_t rt_strspn(const char *s, const char *set)
{
	size_t n = strspn(s, set);

	reads_text(set, PC());
	libc_reads(s, n + 1, PC());
	return n;
}

size_t rt_strcspn(const char *s, const char *set);
size_t rt_strcspn(const char *s, const char *set)
{
	size_t n = strcspn(s, set);

	reads_text(set, PC());
	libc_reads(s, n + 1, PC());
	return n;
}

char *rt_strpbrk(const char *s, const char *set);
char *rt_strpbrk(const char *s, const char *set)
{
	size_t n = strcspn(s, set);

	reads_text(set, PC());
	libc_reads(s, n + 1, PC());
	return s[n] ? (char *)(uintptr_t)(s + n) : NULL;
}

/* The piece that begins at s: where its delimiter stands gets a zero. Returns what follows it. */
static char *cut(char *s, const char *set, uint32_t pc)
{
	size_t n = strcspn(s, set);

	libc_reads(s, n + 1, pc);
	if (!s[n])
		return NULL;
	libc_writes(s + n, 1, pc);
	s[n] = '\0';
	return s + n + 1;
}

char *rt_strtok_r(char *s, const char *set, char **rest);
char *rt_strtok_r(char *s, const char *set, char **rest)
{
	reads_text(set, PC());
	if (!s) {
		libc_reads(rest, sizeof(*rest), PC());
		s = *rest;
	}
	size_t skipped = strspn(s, set);
	libc_reads(s, skipped + 1, PC());
	libc_writes(rest, sizeof(*rest), PC());
	s += skipped;
	if (!*s) {
		*rest = s;
		return NULL;
	}
	char *next = cut(s, set, PC());
	*rest = next ? next : s + strlen(s);
	return s;
}

char *rt_strsep(char **rest, const char *set);
char *rt_strsep(char **rest, const char *set)
{
	libc_reads(rest, sizeof(*rest), PC());
	char *s = *rest;
	if (!s)
		return NULL;
	reads_text(set, PC());
	libc_writes(rest, sizeof(*rest), PC());
	*rest = cut(s, set, PC());
	return s;
}

int rt_strcasecmp(const char *a, const char *b);
int rt_strcasecmp(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && b[n] && strncasecmp(a + n, b + n, 1) == 0)
		n++;
	libc_reads(a, n + 1, PC());
	libc_reads(b, n + 1, PC());
	return strncasecmp(a, b, n + 1);
}

int rt_strncasecmp(const char *a, const char *b, size_t max);
int rt_strncasecmp(const char *a, const char *b, size_t max)
{
	size_t n = 0;

	while (n < max && a[n] && b[n] && strncasecmp(a + n, b + n, 1) == 0)
		n++;
	libc_reads(a, n < max ? n + 1 : max, PC());
	libc_reads(b, n < max ? n + 1 : max, PC());
	return strncasecmp(a, b, max);
}
