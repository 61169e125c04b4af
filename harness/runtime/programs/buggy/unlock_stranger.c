/* expect: misuse
 * One thread locks, the other unlocks. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *locker(void *arg)
{
	pthread_mutex_lock(&lock);
	return arg;
}

static void *unlocker(void *arg)
{
	pthread_mutex_unlock(&lock);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, locker, NULL);
	pthread_create(&b, NULL, unlocker, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
