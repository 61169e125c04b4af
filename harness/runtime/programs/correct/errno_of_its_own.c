/* errno, and what the C library keeps for each thread. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *arg)
{
	errno = *(int *)arg;
	sched_yield();
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
	assert(errno == *(int *)arg);
	return arg;
}

static int ids[2] = { 5, 6 };

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, work, &ids[0]);
	pthread_create(&b, NULL, work, &ids[1]);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
