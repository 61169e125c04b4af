/* expect: race
 * volatile is not atomic. */
#include <pthread.h>
#include <sched.h>

static volatile unsigned head, tail;
static int ring[2];

static void *producer(void *arg)
{
	for (int i = 0; i < 2; i++) {
		while (tail - head == 2)
			sched_yield();
		ring[tail % 2] = i;
		tail++;
	}
	return arg;
}

static void *consumer(void *arg)
{
	int sum = 0;

	for (int i = 0; i < 2; i++) {
		while (tail == head)
			sched_yield();
		sum += ring[head % 2];
		head++;
	}
	return sum == 1 ? arg : NULL;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, producer, NULL);
	pthread_create(&b, NULL, consumer, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
