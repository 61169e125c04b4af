/* A lock made of an atomic_flag. */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static atomic_flag flag = ATOMIC_FLAG_INIT;
static int counter;

static void *count(void *arg)
{
	for (int i = 0; i < 3; i++) {
		while (atomic_flag_test_and_set_explicit(&flag, memory_order_acquire))
			sched_yield();
		counter++;
		atomic_flag_clear_explicit(&flag, memory_order_release);
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
	assert(counter == 6);
	return 0;
}
