/* Semaphores for space and items, a mutex between the producers. */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>

static sem_t space, filled;
static int ring[2], in, out, sum;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *producer(void *arg)
{
	for (int i = 1; i <= 2; i++) {
		sem_wait(&space);
		pthread_mutex_lock(&lock);
		ring[in++ % 2] = i;
		pthread_mutex_unlock(&lock);
		sem_post(&filled);
	}
	return arg;
}

int main(void)
{
	pthread_t a, b;

	sem_init(&space, 0, 2);
	sem_init(&filled, 0, 0);
	pthread_create(&a, NULL, producer, NULL);
	pthread_create(&b, NULL, producer, NULL);
	for (int i = 0; i < 4; i++) {
		sem_wait(&filled);
		sum += ring[out++ % 2];
		sem_post(&space);
	}
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert(sum == 6);
	sem_destroy(&space);
	sem_destroy(&filled);
	return 0;
}
