/* A recursive mutex, locked twice. */
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock;
static int value;

static void add(int depth)
{
	pthread_mutex_lock(&lock);
	value++;
	if (depth)
		add(depth - 1);
	pthread_mutex_unlock(&lock);
}

static void *work(void *arg)
{
	add(1);
	return arg;
}

int main(void)
{
	pthread_mutexattr_t attr;
	pthread_t a, b;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&lock, &attr);
	pthread_mutexattr_destroy(&attr);
	pthread_create(&a, NULL, work, NULL);
	pthread_create(&b, NULL, work, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert(value == 4);
	pthread_mutex_destroy(&lock);
	return 0;
}
