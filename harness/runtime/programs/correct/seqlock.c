/* A sequence lock whose data are atomics, with fences. */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static atomic_uint sequence;
static atomic_int left, right;

static void *writer(void *arg)
{
	for (int i = 1; i <= 2; i++) {
		unsigned s = atomic_load_explicit(&sequence, memory_order_relaxed);
		atomic_store_explicit(&sequence, s + 1, memory_order_relaxed);
		atomic_thread_fence(memory_order_release);
		atomic_store_explicit(&left, i, memory_order_relaxed);
		atomic_store_explicit(&right, i, memory_order_relaxed);
		atomic_store_explicit(&sequence, s + 2, memory_order_release);
	}
	return arg;
}

static void *reader(void *arg)
{
	for (;;) {
		unsigned s = atomic_load_explicit(&sequence, memory_order_acquire);
		int l = atomic_load_explicit(&left, memory_order_relaxed);
		int r = atomic_load_explicit(&right, memory_order_relaxed);
		atomic_thread_fence(memory_order_acquire);
		if (s % 2 == 0 && atomic_load_explicit(&sequence, memory_order_relaxed) == s) {
			assert(l == r);
			return arg;
		}
		sched_yield();
	}
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, writer, NULL);
	pthread_create(&b, NULL, reader, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
