/* expect-weak: assertion
 * Two readers see two stores in different orders: acquire and release do not forbid it. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define LOAD(p, order)     atomic_load_explicit(p, memory_order_##order)
#define STORE(p, v, order) atomic_store_explicit(p, v, memory_order_##order)
static atomic_int x, y;
static int r[4]; /* what the threads read: each its own */

static void *thread_1(void *arg)
{
	STORE(&x, 1, release);
	return arg;
}

static void *thread_2(void *arg)
{
	STORE(&y, 1, release);
	return arg;
}

static void *thread_3(void *arg)
{
	r[0] = LOAD(&x, acquire);
	r[1] = LOAD(&y, acquire);
	return arg;
}

static void *thread_4(void *arg)
{
	r[2] = LOAD(&y, acquire);
	r[3] = LOAD(&x, acquire);
	return arg;
}

int main(void)
{
	void *(*const functions[])(void *) = { thread_1, thread_2, thread_3, thread_4 };
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, functions[i], NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	assert(!(r[0] == 1 && r[1] == 0 && r[2] == 1 && r[3] == 0));
	return 0;
}
