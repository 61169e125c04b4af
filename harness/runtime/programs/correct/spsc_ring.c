/* A ring for one producer and one consumer, acquire and release. */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static atomic_uint head, tail;
static int ring[2];

static void *producer(void *arg)
{
	for (int i = 0; i < 3; i++) {
		unsigned t = atomic_load_explicit(&tail, memory_order_relaxed);
		while (t - atomic_load_explicit(&head, memory_order_acquire) == 2)
			sched_yield();
		ring[t % 2] = i;
		atomic_store_explicit(&tail, t + 1, memory_order_release);
	}
	return arg;
}

static void *consumer(void *arg)
{
	for (int i = 0; i < 3; i++) {
		unsigned h = atomic_load_explicit(&head, memory_order_relaxed);
		while (atomic_load_explicit(&tail, memory_order_acquire) == h)
			sched_yield();
		assert(ring[h % 2] == i);
		atomic_store_explicit(&head, h + 1, memory_order_release);
	}
	return arg;
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
