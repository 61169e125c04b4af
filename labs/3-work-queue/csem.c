/* csem.c - part B0: a counting semaphore made of one mutex and one condition variable.
 * The smallest monitor there is: one number, one sentence about it, one reason to wait. */
#include "3-work-queue/bqueue.h"

#include <errno.h>
#include <pthread.h>

/* TODO(step 2), the invariant: ... <= value <= ..., and if somebody sleeps, then value is ... */
struct csem {
	pthread_mutex_t lock;     /* guards ... */
	pthread_cond_t available; /* signalled when ... */
	unsigned value, max;
};

int csem_create(struct csem **out, unsigned initial, unsigned max)
{
	/* TODO(step 2) */
	(void)out;
	(void)initial;
	(void)max;
	return ENOSYS;
}

void csem_destroy(struct csem *s)
{
	/* TODO(step 2) */
	(void)s;
}

void csem_wait(struct csem *s)
{
	/* TODO(step 2): `if` or `while`? */
	(void)s;
}

int csem_try_wait(struct csem *s)
{
	/* TODO(step 2) */
	(void)s;
	return ENOSYS;
}

int csem_post(struct csem *s)
{
	/* TODO(step 2): test and change are one step. */
	(void)s;
	return ENOSYS;
}
