/* A read-write lock: readers see both halves of what a writer wrote. */
#include <assert.h>
#include <pthread.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int left, right;

static void *writer(void *arg)
{
	for (int i = 1; i <= 2; i++) {
		pthread_rwlock_wrlock(&lock);
		left = i;
		right = i;
		pthread_rwlock_unlock(&lock);
	}
	return arg;
}

static void *reader(void *arg)
{
	for (int i = 0; i < 2; i++) {
		pthread_rwlock_rdlock(&lock);
		assert(left == right);
		pthread_rwlock_unlock(&lock);
	}
	return arg;
}

int main(void)
{
	pthread_t threads[3];

	pthread_create(&threads[0], NULL, writer, NULL);
	pthread_create(&threads[1], NULL, reader, NULL);
	pthread_create(&threads[2], NULL, reader, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	pthread_rwlock_destroy(&lock);
	return 0;
}
