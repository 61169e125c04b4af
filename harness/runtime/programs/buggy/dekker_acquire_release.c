/* expect-weak: assertion race
 * Acquire and release do not keep a store before a later load of something else. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int want[2], inside;
static int ids[2] = { 0, 1 };

static void *enter(void *arg)
{
	int me = *(int *)arg;

	for (int i = 0; i < 2; i++) {
		atomic_store_explicit(&want[me], 1, memory_order_release);
		if (!atomic_load_explicit(&want[!me], memory_order_acquire)) {
			assert(atomic_fetch_add_explicit(&inside, 1, memory_order_relaxed) == 0);
			atomic_fetch_sub_explicit(&inside, 1, memory_order_relaxed);
		}
		atomic_store_explicit(&want[me], 0, memory_order_release);
	}
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, enter, &ids[0]);
	pthread_create(&b, NULL, enter, &ids[1]);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
