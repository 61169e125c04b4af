/* A wait with a deadline looks once more before it gives up. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>

static int items;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_empty;

static void *consumer(void *arg)
{
	struct timespec until;
	int err = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += 1000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&lock);
	while (items == 0 && err == 0)
		err = pthread_cond_timedwait(&not_empty, &lock, &until);
	if (items > 0)
		items--;
	else
		assert(err == ETIMEDOUT);
	pthread_mutex_unlock(&lock);
	return arg;
}

static void *producer(void *arg)
{
	pthread_mutex_lock(&lock);
	items++;
	pthread_cond_signal(&not_empty);
	pthread_mutex_unlock(&lock);
	return arg;
}

int main(void)
{
	pthread_condattr_t attr;
	pthread_t a, b;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&not_empty, &attr);
	pthread_create(&a, NULL, consumer, NULL);
	pthread_create(&b, NULL, producer, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert(items == 0 || items == 1);
	pthread_cond_destroy(&not_empty);
	return 0;
}
