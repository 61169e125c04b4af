/* A fair lock of two counters. */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static atomic_uint next_ticket, serving;
static int counter;

static void *count(void *arg)
{
	for (int i = 0; i < 2; i++) {
		unsigned mine = atomic_fetch_add_explicit(&next_ticket, 1, memory_order_relaxed);
		while (atomic_load_explicit(&serving, memory_order_acquire) != mine)
			sched_yield();
		counter++;
		atomic_store_explicit(&serving, mine + 1, memory_order_release);
	}
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, count, NULL);
	pthread_create(&b, NULL, count, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert(counter == 4);
	return 0;
}
