/* pool.c - parts C and E: a pool of threads, and how many threads are enough. What each function
 * owes is said in thread_server.h. */
#include "2-thread-server/thread_server.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

/* TODO(step 3): what do the workers share? Which sentence about it is true whenever nobody holds
 * the lock? How does a worker know that it is one (EDEADLK, EAGAIN)? */
struct pool {
	int empty; /* put your fields here */
};

int pool_create(struct pool **out, unsigned threads, size_t capacity)
{
	/* TODO(step 3): what has to be undone when the third of five threads cannot be made? */
	(void)out;
	(void)threads;
	(void)capacity;
	return ENOSYS;
}

int pool_submit(struct pool *p, pool_fn fn, void *arg)
{
	/* TODO(step 3) */
	(void)p;
	(void)fn;
	(void)arg;
	return ENOSYS;
}

int pool_try_submit(struct pool *p, pool_fn fn, void *arg)
{
	/* TODO(step 3) */
	(void)p;
	(void)fn;
	(void)arg;
	return ENOSYS;
}

int pool_wait_idle(struct pool *p)
{
	/* TODO(step 3): when is a task that was taken out finished? */
	(void)p;
	return ENOSYS;
}

int pool_shutdown(struct pool *p, int drain)
{
	/* TODO(step 3): who joins, if two call it? */
	(void)p;
	(void)drain;
	return ENOSYS;
}

void pool_destroy(struct pool *p)
{
	/* TODO(step 3) */
	(void)p;
}

unsigned pool_ideal_size(unsigned cores, uint64_t wt_us, uint64_t ct_us, unsigned max_threads)
{
	/* TODO(step 5): N * (1 + WT / CT), rounded up. Which product may overflow? */
	(void)cores;
	(void)wt_us;
	(void)ct_us;
	(void)max_threads;
	return 0;
}

void pool_measure(pool_fn fn, void *arg, unsigned reps, uint64_t *wt_us, uint64_t *ct_us)
{
	/* TODO(step 5): which clock counts the work of this thread alone? */
	(void)fn;
	(void)arg;
	(void)reps;
	*wt_us = 0;
	*ct_us = 0;
}
