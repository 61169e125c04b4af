/* expect-weak: assertion
 * The flag is seen before the data, since nothing orders them. */
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
	STORE(&y, 1, relaxed);
	return arg;
}

static void *thread_2(void *arg)
{
	r[0] = LOAD(&y, relaxed);
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
	assert(!(r[0] == 1 && r[1] == 0));
	return 0;
}
