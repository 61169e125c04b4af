/* mutex.h - mutexes, and what conditions need of them. */
#ifndef RUNTIME_MUTEX_H
#define RUNTIME_MUTEX_H
#include <pthread.h>

#include "runtime/state.h"

/* The mutex at m; one that was never initialised, or of a kind not modelled, is a finding. */
struct object *mutex_at(pthread_mutex_t *m, uint32_t pc);
/* The current thread, chosen while it was free, has it from now on. */
void mutex_take(struct object *o, uint32_t count, uint32_t pc);
/* Its owner gives it up, wholly; returns how often it was locked. */
uint32_t mutex_release(struct object *o);

/* 0, EBUSY, ETIMEDOUT, EDEADLK as pthread_mutex_lock and its kin. */
int mutex_lock(pthread_mutex_t *m, uint64_t deadline, uint32_t pc);
int mutex_trylock(pthread_mutex_t *m, uint32_t pc);
int mutex_unlock(pthread_mutex_t *m, uint32_t pc);
void mutex_destroy(pthread_mutex_t *m, uint32_t pc);

int rt_pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr);
int rt_pthread_mutex_destroy(pthread_mutex_t *m);
int rt_pthread_mutex_lock(pthread_mutex_t *m);
int rt_pthread_mutex_trylock(pthread_mutex_t *m);
int rt_pthread_mutex_timedlock(pthread_mutex_t *m, const struct timespec *deadline);
int rt_pthread_mutex_clocklock(pthread_mutex_t *m, clockid_t clock,
			       const struct timespec *deadline);
int rt_pthread_mutex_unlock(pthread_mutex_t *m);
#endif
