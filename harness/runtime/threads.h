/* threads.h - the submission's threads; rt_ names are what its object calls instead of libc's. */
#ifndef RUNTIME_THREADS_H
#define RUNTIME_THREADS_H
#include <pthread.h>

#include "runtime/state.h"

/* A new thread that can run, its clock after the current one's; NULL: all places are taken. */
struct thread *thread_new(void *(*entry)(void *), void *arg, uint32_t pc);
/* The current thread ends with this result. */
_Noreturn void thread_exit(void *result, uint32_t pc);

/* thread_keys.c: destructors, as POSIX has them, in the thread itself. */
void thread_keys_run(void);
void thread_keys_reset(void);

int rt_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*entry)(void *),
		      void *arg);
int rt_pthread_join(pthread_t thread, void **result);
int rt_pthread_tryjoin_np(pthread_t thread, void **result);
int rt_pthread_detach(pthread_t thread);
pthread_t rt_pthread_self(void);
int rt_pthread_equal(pthread_t a, pthread_t b);
_Noreturn void rt_pthread_exit(void *result);
int rt_pthread_yield(void);
int rt_sched_yield(void);
void rt_thrd_yield(void);
void rt_cl_preempt_point(void);

/* What the C11 names share with the POSIX ones. */
int threads_create(pthread_t *thread, bool detached, void *(*entry)(void *), void *arg,
		   uint32_t pc);
int threads_join(pthread_t thread, void **result, uint32_t pc);
int threads_detach(pthread_t thread, uint32_t pc);
/* The thread of a handle that is valid. */
struct thread *thread_of_handle(pthread_t handle);
int rt_pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
int rt_pthread_key_delete(pthread_key_t key);
void *rt_pthread_getspecific(pthread_key_t key);
int rt_pthread_setspecific(pthread_key_t key, const void *value);
#endif
