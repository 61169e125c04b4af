/* A stack of indices with a tag beside the head: no ABA. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#define NODES 3
static atomic_uint next_of[NODES];
static atomic_int taken[NODES];
static _Atomic uint64_t head; /* tag << 32 | index + 1 */

static void push(unsigned i)
{
	uint64_t h = atomic_load(&head);

	atomic_store(&taken[i], 0);
	do
		atomic_store(&next_of[i], (unsigned)h);
	while (!atomic_compare_exchange_weak(&head, &h, ((h >> 32) + 1) << 32 | (i + 1)));
}

static int pop(void)
{
	uint64_t h = atomic_load(&head);

	for (;;) {
		unsigned i = (unsigned)h;
		if (i == 0)
			return -1;
		uint64_t next = ((h >> 32) + 1) << 32 | atomic_load(&next_of[i - 1]);
		if (atomic_compare_exchange_weak(&head, &h, next)) {
			assert(atomic_exchange(&taken[i - 1], 1) == 0);
			return (int)i - 1;
		}
	}
}

static void *juggle(void *arg)
{
	for (int round = 0; round < 2; round++) {
		int x = pop();
		int y = pop();
		if (x >= 0)
			push((unsigned)x);
		if (y >= 0)
			push((unsigned)y);
	}
	return arg;
}

int main(void)
{
	pthread_t a, b;

	for (unsigned i = 0; i < NODES; i++)
		push(i);
	pthread_create(&a, NULL, juggle, NULL);
	pthread_create(&b, NULL, juggle, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
