/* condition.h - condition variables. */
#ifndef RUNTIME_CONDITION_H
#define RUNTIME_CONDITION_H
#include <pthread.h>

#include "runtime/state.h"

/* 0, or ETIMEDOUT at `deadline` (ns of the virtual monotonic clock). */
int condition_wait(pthread_cond_t *c, pthread_mutex_t *m, uint64_t deadline, uint32_t pc);
int condition_signal(pthread_cond_t *c, uint32_t pc);
int condition_broadcast(pthread_cond_t *c, uint32_t pc);
int condition_destroy(pthread_cond_t *c, uint32_t pc);
/* The clock that its deadlines are of. */
clockid_t condition_clock(pthread_cond_t *c, uint32_t pc);

int rt_pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr);
int rt_pthread_cond_destroy(pthread_cond_t *c);
int rt_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m);
int rt_pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
			      const struct timespec *deadline);
int rt_pthread_cond_clockwait(pthread_cond_t *c, pthread_mutex_t *m, clockid_t clock,
			      const struct timespec *deadline);
int rt_pthread_cond_signal(pthread_cond_t *c);
int rt_pthread_cond_broadcast(pthread_cond_t *c);
#endif
