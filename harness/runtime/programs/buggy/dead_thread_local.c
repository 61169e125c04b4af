/* expect: dead-memory race
 * A pointer to a thread-local variable outlives its thread. */
#include <pthread.h>

static _Thread_local int cache[8];
static int *shared;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *owner(void *arg)
{
	cache[0] = 42;
	pthread_mutex_lock(&lock);
	shared = cache;
	pthread_mutex_unlock(&lock);
	return arg;
}

static void *user(void *arg)
{
	pthread_mutex_lock(&lock);
	int *p = shared;
	pthread_mutex_unlock(&lock);
	if (p)
		p[1] = 7;
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, owner, NULL);
	pthread_create(&b, NULL, user, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
