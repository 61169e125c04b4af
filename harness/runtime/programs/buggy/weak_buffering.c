/* expect-weak: assertion
 * Each thread misses the store that the other has just made. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define LOAD(p, order)     atomic_load_explicit(p, memory_order_##order)
#define STORE(p, v, order) atomic_store_explicit(p, v, memory_order_##order)
static atomic_int x, y;
static int r[4]; /* what the threads read: each its own */

static void *thread_1(void *arg)
{
	STORE(&x, 1, relaxed);
	r[0] = LOAD(&y, relaxed);
	return arg;
}

static void *thread_2(void *arg)
{
	STORE(&y, 1, relaxed);
	r[1] = LOAD(&x, relaxed);
	return arg;
}

int main(void)
{
	void *(*const functions[])(void *) = { thread_1, thread_2 };
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, functions[i], NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert(!(r[0] == 0 && r[1] == 0));
	return 0;
}
