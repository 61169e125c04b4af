/* Keys: each thread its value, each value its destructor. */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

static pthread_key_t key;
static int freed;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void drop(void *value)
{
	free(value);
	pthread_mutex_lock(&lock);
	freed++;
	pthread_mutex_unlock(&lock);
}

static void *work(void *arg)
{
	int *mine = malloc(sizeof(*mine));

	*mine = 3;
	pthread_setspecific(key, mine);
	sched_yield();
	assert(pthread_getspecific(key) == mine && *mine == 3);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_key_create(&key, drop);
	pthread_create(&a, NULL, work, NULL);
	pthread_create(&b, NULL, work, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert(freed == 2);
	pthread_key_delete(key);
	return 0;
}
