/* malloc and its kin, as the submission calls them. Outside executions libc's own serve: blocks of
 * the submission's constructors, which no execution frees. */
#include "runtime/heap.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/arena.h"
#include "runtime/libc.h"

static bool ours(const void *p)
{
	return (uintptr_t)p - ARENA_AT < ARENA_BYTES;
}

static void *allocate(size_t bytes, size_t align, uint32_t pc)
{
	void *p = arena_allocate(bytes, align, pc);

	if (!p)
		errno = ENOMEM;
	return p;
}

void *heap_allocate(size_t bytes, uint32_t pc)
{
	return self ? allocate(bytes, 1, pc) : malloc(bytes);
}

void *rt_malloc(size_t bytes);
void *rt_malloc(size_t bytes)
{
	return heap_allocate(bytes, PC());
}

void *rt_calloc(size_t count, size_t bytes);
void *rt_calloc(size_t count, size_t bytes)
{
	size_t all;

	if (!self)
		return calloc(count, bytes);
	if (__builtin_mul_overflow(count, bytes, &all)) {
		errno = ENOMEM;
		return NULL;
	}
	void *p = allocate(all, 1, PC());
	return p ? memset(p, 0, all) : NULL;
}

void *rt_realloc(void *p, size_t bytes);
void *rt_realloc(void *p, size_t bytes)
{
	if (!self)
		return realloc(p, bytes);
	if (!p)
		return allocate(bytes, 1, PC());
	if (bytes == 0) {
		arena_free(p, PC());
		return NULL;
	}
	void *q = allocate(bytes, 1, PC());
	const struct block *b = ours(p) ? arena_block_at((uintptr_t)p) : NULL;
	if (!q)
		return NULL;
	if (b && b->live) {
		size_t kept = b->bytes < bytes ? b->bytes : bytes;
		libc_reads(p, kept, PC());
		memcpy(q, p, kept);
	}
	arena_free(p, PC());
	return q;
}

void *rt_reallocarray(void *p, size_t count, size_t bytes);
void *rt_reallocarray(void *p, size_t count, size_t bytes)
{
	size_t all;

	if (__builtin_mul_overflow(count, bytes, &all)) {
		errno = ENOMEM;
		return NULL;
	}
	return rt_realloc(p, all);
}

void rt_free(void *p);
void rt_free(void *p)
{
	if (p && self)
		arena_free(p, PC());
	else if (p && !ours(p))
		free(p);
}

static bool power_of_two(size_t align)
{
	return align && !(align & (align - 1));
}

int rt_posix_memalign(void **p, size_t align, size_t bytes);
int rt_posix_memalign(void **p, size_t align, size_t bytes)
{
	if (!self)
		return posix_memalign(p, align, bytes);
	if (!power_of_two(align) || align % sizeof(void *))
		return EINVAL;
	void *q = arena_allocate(bytes, align, PC());
	if (!q)
		return ENOMEM;
	libc_writes(p, sizeof(*p), PC());
	*p = q;
	return 0;
}

void *rt_aligned_alloc(size_t align, size_t bytes);
void *rt_aligned_alloc(size_t align, size_t bytes)
{
	if (!self)
		return aligned_alloc(align, bytes);
	if (!power_of_two(align)) {
		errno = EINVAL;
		return NULL;
	}
	return allocate(bytes, align, PC());
}

void *rt_memalign(size_t align, size_t bytes);
void *rt_memalign(size_t align, size_t bytes)
{
	if (!self)
		return memalign(align, bytes);
	if (!power_of_two(align)) {
		errno = EINVAL;
		return NULL;
	}
	return allocate(bytes, align, PC());
}

size_t rt_malloc_usable_size(void *p);
size_t rt_malloc_usable_size(void *p)
{
	if (!self)
		return malloc_usable_size(p);
	return p ? arena_block_at((uintptr_t)p)->bytes : 0;
}

char *rt_strdup(const char *s);
char *rt_strdup(const char *s)
{
	size_t bytes = strlen(s) + 1;
	char *p = heap_allocate(bytes, PC());

	libc_reads(s, bytes, PC());
	if (!p)
		return NULL;
	libc_writes(p, bytes, PC());
	return memcpy(p, s, bytes);
}

char *rt_strndup(const char *s, size_t max);
char *rt_strndup(const char *s, size_t max)
{
	size_t length = strnlen(s, max);
	char *p = heap_allocate(length + 1, PC());

	libc_reads(s, length < max ? length + 1 : length, PC());
	if (!p)
		return NULL;
	libc_writes(p, length + 1, PC());
	p[length] = '\0';
	return memcpy(p, s, length);
}
