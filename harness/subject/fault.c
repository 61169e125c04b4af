/* The wrappers around what allocates and initialises: each may fail when told so. */
#include "subject/fault.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *block, size_t bytes);
void *__real_reallocarray(void *block, size_t count, size_t bytes);
void *__real_aligned_alloc(size_t align, size_t bytes);
int __real_posix_memalign(void **out, size_t align, size_t bytes);
void __real_free(void *block);
int __real_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr);
int __real_pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attr);
int __real_pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attr);
int __real_pthread_mutexattr_init(pthread_mutexattr_t *attr);
int __real_pthread_condattr_init(pthread_condattr_t *attr);

void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *block, size_t bytes);
void *__wrap_reallocarray(void *block, size_t count, size_t bytes);
void *__wrap_aligned_alloc(size_t align, size_t bytes);
int __wrap_posix_memalign(void **out, size_t align, size_t bytes);
void __wrap_free(void *block);
int __wrap_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr);
int __wrap_pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attr);
int __wrap_pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attr);
int __wrap_pthread_mutexattr_init(pthread_mutexattr_t *attr);
int __wrap_pthread_condattr_init(pthread_condattr_t *attr);

static _Thread_local uint64_t calls_left; /* until one fails; 0: not armed, or done */
static _Thread_local bool fired;
static _Atomic int64_t blocks;
static _Atomic uintptr_t guarded, guarded_end;
static _Atomic uint64_t refused;

void fault_arm(uint64_t n)
{
	calls_left = n;
	fired = false;
}

bool fault_disarm(void)
{
	calls_left = 0;
	return fired;
}

void fault_guard(const void *first, size_t bytes)
{
	atomic_store(&guarded, (uintptr_t)first);
	atomic_store(&guarded_end, (uintptr_t)first + bytes);
	atomic_store(&refused, 0);
}

uint64_t fault_refused(void)
{
	return atomic_load(&refused);
}

int64_t fault_blocks(void)
{
	return atomic_load(&blocks);
}

static bool fails_now(void)
{
	if (calls_left == 0 || --calls_left > 0)
		return false;
	fired = true;
	return true;
}

static void *no_memory(void)
{
	errno = ENOMEM;
	return NULL;
}

static void *counted(void *block)
{
	if (block)
		atomic_fetch_add(&blocks, 1);
	return block;
}

/* What realloc gave; `fresh`: it had no block before. Of size 0 it releases the one it had. */
static void *recounted(bool fresh, void *after, size_t bytes)
{
	if (fresh)
		return counted(after);
	if (!after && bytes == 0)
		atomic_fetch_sub(&blocks, 1);
	return after;
}

void *__wrap_malloc(size_t bytes)
{
	return fails_now() ? no_memory() : counted(__real_malloc(bytes));
}

void *__wrap_calloc(size_t count, size_t bytes)
{
	return fails_now() ? no_memory() : counted(__real_calloc(count, bytes));
}

void *__wrap_realloc(void *block, size_t bytes)
{
	bool fresh = block == NULL;

	if (fails_now())
		return no_memory();
	return recounted(fresh, __real_realloc(block, bytes), bytes);
}

void *__wrap_reallocarray(void *block, size_t count, size_t bytes)
{
	bool fresh = block == NULL;

	if (fails_now())
		return no_memory();
	return recounted(fresh, __real_reallocarray(block, count, bytes), count * bytes);
}

void *__wrap_aligned_alloc(size_t align, size_t bytes)
{
	return fails_now() ? no_memory() : counted(__real_aligned_alloc(align, bytes));
}

int __wrap_posix_memalign(void **out, size_t align, size_t bytes)
{
	if (fails_now())
		return ENOMEM;
	int error = __real_posix_memalign(out, align, bytes);
	if (!error)
		(void)counted(*out);
	return error;
}

void __wrap_free(void *block)
{
	if ((uintptr_t)block >= atomic_load(&guarded) &&
	    (uintptr_t)block < atomic_load(&guarded_end)) {
		atomic_fetch_add(&refused, 1);
		return;
	}
	if (block)
		atomic_fetch_sub(&blocks, 1);
	__real_free(block);
}

int __wrap_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr)
{
	return fails_now() ? ENOMEM : __real_pthread_mutex_init(mutex, attr);
}

int __wrap_pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attr)
{
	return fails_now() ? ENOMEM : __real_pthread_cond_init(cond, attr);
}

int __wrap_pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attr)
{
	return fails_now() ? ENOMEM : __real_pthread_rwlock_init(lock, attr);
}

int __wrap_pthread_mutexattr_init(pthread_mutexattr_t *attr)
{
	return fails_now() ? ENOMEM : __real_pthread_mutexattr_init(attr);
}

int __wrap_pthread_condattr_init(pthread_condattr_t *attr)
{
	return fails_now() ? ENOMEM : __real_pthread_condattr_init(attr);
}
