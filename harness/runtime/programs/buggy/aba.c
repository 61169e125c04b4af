/* expect: assertion
 * A stack of indices without a tag: the head is the same, what lies below it is not. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define NODES 3
static atomic_int next_of[NODES], taken[NODES], head; /* head: index + 1, 0 empty */

static void push(int i)
{
	int h = atomic_load(&head);

	atomic_store(&taken[i], 0);
	do
		atomic_store(&next_of[i], h);
	while (!atomic_compare_exchange_weak(&head, &h, i + 1));
}

static int pop(void)
{
	int h = atomic_load(&head);

	for (;;) {
		if (h == 0)
			return -1;
		if (atomic_compare_exchange_weak(&head, &h, atomic_load(&next_of[h - 1])))
			break;
	}
	assert(atomic_exchange(&taken[h - 1], 1) == 0);
	return h - 1;
}

static void *juggle(void *arg)
{
	for (int round = 0; round < 3; round++) {
		int x = pop();
		int y = pop();
		if (x >= 0)
			push(x);
		if (y >= 0)
			push(y);
	}
	return arg;
}

int main(void)
{
	pthread_t a, b;

	for (int i = 0; i < NODES; i++)
		push(i);
	pthread_create(&a, NULL, juggle, NULL);
	pthread_create(&b, NULL, juggle, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
