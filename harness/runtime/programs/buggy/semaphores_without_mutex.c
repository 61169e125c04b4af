/* expect: race
 * Two producers share an index that the semaphores do not guard. */
#include <pthread.h>
#include <semaphore.h>

static sem_t space, filled;
static int ring[4], in, out;

static void *producer(void *arg)
{
	sem_wait(&space);
	ring[in++ % 4] = 1;
	sem_post(&filled);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	sem_init(&space, 0, 4);
	sem_init(&filled, 0, 0);
	pthread_create(&a, NULL, producer, NULL);
	pthread_create(&b, NULL, producer, NULL);
	for (int i = 0; i < 2; i++) {
		sem_wait(&filled);
		out += ring[i];
	}
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
