/* expect: misuse
 * A thread returns with a lock in its hands. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *forgetful(void *arg)
{
	pthread_mutex_lock(&lock);
	if (arg)
		pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t a;

	pthread_create(&a, NULL, forgetful, NULL);
	pthread_join(a, NULL);
	return 0;
}
