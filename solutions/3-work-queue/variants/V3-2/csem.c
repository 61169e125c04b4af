/* csem.c - a counting semaphore; the signal is sent after the lock has been given back. */
#include "3-work-queue/bqueue.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct csem {
	pthread_mutex_t lock; /* guards value and sleepers */
	pthread_cond_t available;
	unsigned value, sleepers, max;
};

int csem_create(struct csem **out, unsigned initial, unsigned max)
{
	if (max == 0 || initial > max)
		return EINVAL;
	struct csem *s = calloc(1, sizeof(*s));
	if (!s)
		return ENOMEM;
	s->value = initial;
	s->max = max;
	int error = pthread_mutex_init(&s->lock, NULL);
	if (!error) {
		error = pthread_cond_init(&s->available, NULL);
		if (error)
			(void)pthread_mutex_destroy(&s->lock);
	}
	if (error)
		free(s);
	else
		*out = s;
	return error;
}

void csem_destroy(struct csem *s)
{
	if (!s)
		return;
	(void)pthread_cond_destroy(&s->available);
	(void)pthread_mutex_destroy(&s->lock);
	free(s);
}

void csem_wait(struct csem *s)
{
	pthread_mutex_lock(&s->lock);
	while (s->value == 0) {
		s->sleepers++;
		pthread_cond_wait(&s->available, &s->lock);
		s->sleepers--;
	}
	s->value--;
	pthread_mutex_unlock(&s->lock);
}

int csem_try_wait(struct csem *s)
{
	pthread_mutex_lock(&s->lock);
	bool taken = s->value > 0;
	s->value -= taken;
	pthread_mutex_unlock(&s->lock);
	return taken ? 0 : EAGAIN;
}

int csem_post(struct csem *s)
{
	pthread_mutex_lock(&s->lock);
	bool room = s->value < s->max, wake = room && s->sleepers > 0;
	s->value += room;
	pthread_mutex_unlock(&s->lock);
	if (wake)
		pthread_cond_signal(&s->available);
	return room ? 0 : EOVERFLOW;
}
