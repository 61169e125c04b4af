/* A read-modify-write by a third thread keeps what was released before it. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static int data;
static atomic_int stage;

static void *writer(void *arg)
{
	data = 1;
	atomic_store_explicit(&stage, 1, memory_order_release);
	return arg;
}

static void *passer(void *arg)
{
	int one = 1;

	atomic_compare_exchange_strong_explicit(&stage, &one, 2, memory_order_relaxed,
						memory_order_relaxed);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, writer, NULL);
	pthread_create(&b, NULL, passer, NULL);
	if (atomic_load_explicit(&stage, memory_order_acquire))
		assert(data == 1);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
