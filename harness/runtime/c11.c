/* The C11 names: the same objects with other names and results.
 *
 * Source: ISO C17, 7.26. glibc's mtx_t, cnd_t and thrd_t are laid out as the POSIX types; the
 * model keeps its state outside of them, and needs only the kind of a mutex in its place. */
#include <errno.h>
#include <threads.h>

#include "runtime/condition.h"
#include "runtime/finding.h"
#include "runtime/mutex.h"
#include "runtime/object.h"
#include "runtime/scheduler.h"
#include "runtime/threads.h"
#include "runtime/virtual.h"

static_assert(sizeof(mtx_t) <= sizeof(pthread_mutex_t), "a mutex fits");

static pthread_mutex_t *posix_mutex(mtx_t *m)
{
	return (pthread_mutex_t *)(void *)m;
}

static pthread_cond_t *posix_condition(cnd_t *c)
{
	return (pthread_cond_t *)(void *)c;
}

static int c11_status(int err)
{
	switch (err) {
	case 0:
		return thrd_success;
	case EBUSY:
		return thrd_busy;
	case ETIMEDOUT:
		return thrd_timedout;
	case ENOMEM:
	case EAGAIN:
		return thrd_nomem;
	}
	return thrd_error;
}

int rt_mtx_init(mtx_t *m, int type);
int rt_mtx_init(mtx_t *m, int type)
{
	int status = mtx_init(m, type);

	if (self && status == thrd_success)
		(void)object_init(m, EXPLORE_MUTEX, PC());
	return status;
}

void rt_mtx_destroy(mtx_t *m);
void rt_mtx_destroy(mtx_t *m)
{
	if (self)
		mutex_destroy(posix_mutex(m), PC());
}

int rt_mtx_lock(mtx_t *m);
int rt_mtx_lock(mtx_t *m)
{
	return self ? c11_status(mutex_lock(posix_mutex(m), NO_DEADLINE, PC())) : thrd_success;
}

int rt_mtx_timedlock(mtx_t *restrict m, const struct timespec *restrict deadline);
int rt_mtx_timedlock(mtx_t *restrict m, const struct timespec *restrict deadline)
{
	uint64_t until;

	if (!deadline_ns(CLOCK_REALTIME, deadline, &until))
		return thrd_error;
	return self ? c11_status(mutex_lock(posix_mutex(m), until, PC())) : thrd_success;
}

int rt_mtx_trylock(mtx_t *m);
int rt_mtx_trylock(mtx_t *m)
{
	return self ? c11_status(mutex_trylock(posix_mutex(m), PC())) : thrd_success;
}

int rt_mtx_unlock(mtx_t *m);
int rt_mtx_unlock(mtx_t *m)
{
	return self ? c11_status(mutex_unlock(posix_mutex(m), PC())) : thrd_success;
}

int rt_cnd_init(cnd_t *c);
int rt_cnd_init(cnd_t *c)
{
	int status = cnd_init(c);

	if (self && status == thrd_success)
		(void)object_init(c, EXPLORE_CONDITION, PC());
	return status;
}

void rt_cnd_destroy(cnd_t *c);
void rt_cnd_destroy(cnd_t *c)
{
	if (self)
		(void)condition_destroy(posix_condition(c), PC());
}

int rt_cnd_signal(cnd_t *c);
int rt_cnd_signal(cnd_t *c)
{
	return self ? c11_status(condition_signal(posix_condition(c), PC())) : thrd_success;
}

int rt_cnd_broadcast(cnd_t *c);
int rt_cnd_broadcast(cnd_t *c)
{
	return self ? c11_status(condition_broadcast(posix_condition(c), PC())) : thrd_success;
}

int rt_cnd_wait(cnd_t *c, mtx_t *m);
int rt_cnd_wait(cnd_t *c, mtx_t *m)
{
	if (!self)
		return thrd_success;
	return c11_status(condition_wait(posix_condition(c), posix_mutex(m), NO_DEADLINE, PC()));
}

int rt_cnd_timedwait(cnd_t *restrict c, mtx_t *restrict m,
		     const struct timespec *restrict deadline);
int rt_cnd_timedwait(cnd_t *restrict c, mtx_t *restrict m, const struct timespec *restrict deadline)
{
	uint64_t until;

	if (!self)
		return thrd_success;
	if (!deadline_ns(CLOCK_REALTIME, deadline, &until))
		return thrd_error;
	return c11_status(condition_wait(posix_condition(c), posix_mutex(m), until, PC()));
}

/* A thread's function with C11's type; the block of both is freed by the thread itself. */
static void *c11_main(void *unused)
{
	struct thread *t = self;

	(void)unused;
	return (void *)(intptr_t)t->c11_main(t->c11_arg);
}

int rt_thrd_create(thrd_t *thread, thrd_start_t function, void *arg);
int rt_thrd_create(thrd_t *thread, thrd_start_t function, void *arg)
{
	struct thread *t;

	if (!self)
		return thrd_error;
	int err = threads_create(thread, false, c11_main, NULL, PC());
	if (err)
		return c11_status(err);
	t = thread_of_handle(*thread);
	t->c11_main = function;
	t->c11_arg = arg;
	return thrd_success;
}

int rt_thrd_join(thrd_t thread, int *result);
int rt_thrd_join(thrd_t thread, int *result)
{
	void *value;

	if (!self)
		return thrd_error;
	int err = threads_join(thread, &value, PC());
	if (!err && result)
		*result = (int)(intptr_t)value;
	return c11_status(err);
}

int rt_thrd_detach(thrd_t thread);
int rt_thrd_detach(thrd_t thread)
{
	return self ? c11_status(threads_detach(thread, PC())) : thrd_error;
}

_Noreturn void rt_thrd_exit(int result);
_Noreturn void rt_thrd_exit(int result)
{
	thread_exit((void *)(intptr_t)result, PC());
}

thrd_t rt_thrd_current(void);
thrd_t rt_thrd_current(void)
{
	return rt_pthread_self();
}

int rt_thrd_equal(thrd_t a, thrd_t b);
int rt_thrd_equal(thrd_t a, thrd_t b)
{
	return a == b;
}

int rt_tss_create(tss_t *key, tss_dtor_t destructor);
int rt_tss_create(tss_t *key, tss_dtor_t destructor)
{
	return c11_status(rt_pthread_key_create(key, destructor));
}

void rt_tss_delete(tss_t key);
void rt_tss_delete(tss_t key)
{
	(void)rt_pthread_key_delete(key);
}

void *rt_tss_get(tss_t key);
void *rt_tss_get(tss_t key)
{
	return rt_pthread_getspecific(key);
}

int rt_tss_set(tss_t key, void *value);
int rt_tss_set(tss_t key, void *value)
{
	return c11_status(rt_pthread_setspecific(key, value));
}
