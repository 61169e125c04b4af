/* An error-checking mutex says what was done wrong, and goes on. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t lock;
static int value;

static void *work(void *arg)
{
	assert(pthread_mutex_unlock(&lock) == EPERM);
	pthread_mutex_lock(&lock);
	assert(pthread_mutex_lock(&lock) == EDEADLK);
	value++;
	pthread_mutex_unlock(&lock);
	return arg;
}

int main(void)
{
	pthread_mutexattr_t attr;
	pthread_t a, b;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&lock, &attr);
	pthread_create(&a, NULL, work, NULL);
	pthread_create(&b, NULL, work, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert(value == 2);
	return 0;
}
