/* csem.c - a counting semaphore as a monitor: one number, one reason to wait. */
#include "3-work-queue/bqueue.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

/* Whenever nobody holds the lock: value <= max, and while a thread sleeps that no signal is on its
 * way to, value is no more than the number of signalled threads that are about to look. */
struct csem {
	pthread_mutex_t lock;     /* guards value */
	pthread_cond_t available; /* signalled once for each post: value has grown by one */
	unsigned value;
	unsigned max; /* never changes */
};

static void lock_semaphore(struct csem *s)
{
	int error = pthread_mutex_lock(&s->lock);

	assert(error == 0);
	(void)error;
}

static void unlock_semaphore(struct csem *s)
{
	int error = pthread_mutex_unlock(&s->lock);

	assert(error == 0);
	(void)error;
}

int csem_create(struct csem **out, unsigned initial, unsigned max)
{
	if (max == 0 || initial > max)
		return EINVAL;
	struct csem *s = malloc(sizeof(*s));
	if (!s)
		return ENOMEM;
	s->value = initial;
	s->max = max;
	int error = pthread_mutex_init(&s->lock, NULL);
	if (error)
		goto free_semaphore;
	error = pthread_cond_init(&s->available, NULL);
	if (error)
		goto destroy_lock;
	*out = s;
	return 0;

destroy_lock:
	(void)pthread_mutex_destroy(&s->lock); /* nobody knows it yet */
free_semaphore:
	free(s);
	return error;
}

void csem_destroy(struct csem *s)
{
	if (!s)
		return;
	(void)pthread_cond_destroy(&s->available); /* nobody waits: they cannot fail */
	(void)pthread_mutex_destroy(&s->lock);
	free(s);
}

void csem_wait(struct csem *s)
{
	lock_semaphore(s);
	while (s->value == 0)
		(void)pthread_cond_wait(&s->available, &s->lock); /* cannot fail */
	s->value--;
	unlock_semaphore(s);
}

int csem_try_wait(struct csem *s)
{
	int error = EAGAIN;

	lock_semaphore(s);
	if (s->value > 0) {
		s->value--;
		error = 0;
	}
	unlock_semaphore(s);
	return error;
}

int csem_post(struct csem *s)
{
	int error = EOVERFLOW;

	lock_semaphore(s);
	if (s->value < s->max) {
		s->value++;
		(void)pthread_cond_signal(&s->available); /* cannot fail */
		error = 0;
	}
	unlock_semaphore(s);
	return error;
}
