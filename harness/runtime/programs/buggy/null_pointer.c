/* expect: crash
 * A list that is empty under one order of two threads. */
#include <pthread.h>

static int *value, storage = 3;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *setter(void *arg)
{
	pthread_mutex_lock(&lock);
	value = &storage;
	pthread_mutex_unlock(&lock);
	return arg;
}

static void *getter(void *arg)
{
	pthread_mutex_lock(&lock);
	int v = *value;
	pthread_mutex_unlock(&lock);
	return v == 3 ? arg : NULL;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, setter, NULL);
	pthread_create(&b, NULL, getter, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
