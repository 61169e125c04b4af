/* Two locks in two orders, without deadlock: who does not get the second gives up the first. */
#include <assert.h>
#include <pthread.h>
#include <sched.h>

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int value;

static void both(pthread_mutex_t *first, pthread_mutex_t *second)
{
	for (;;) {
		pthread_mutex_lock(first);
		if (pthread_mutex_trylock(second) == 0)
			break;
		pthread_mutex_unlock(first);
		sched_yield();
	}
	value++;
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
}

static void *forth(void *arg)
{
	both(&left, &right);
	return arg;
}

static void *back(void *arg)
{
	both(&right, &left);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, forth, NULL);
	pthread_create(&b, NULL, back, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert(value == 2);
	return 0;
}
