/* The last one to let go frees: release to decrement, acquire before free. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct shared {
	atomic_int references;
	int value;
};

static void *drop(void *arg)
{
	struct shared *s = arg;
	int value = s->value;

	if (atomic_fetch_sub_explicit(&s->references, 1, memory_order_release) == 1) {
		atomic_thread_fence(memory_order_acquire);
		free(s);
	}
	assert(value == 9);
	return NULL;
}

int main(void)
{
	struct shared *s = malloc(sizeof(*s));
	pthread_t a, b;

	s->value = 9;
	atomic_init(&s->references, 2);
	pthread_create(&a, NULL, drop, s);
	pthread_create(&b, NULL, drop, s);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
