/* expect: dead-memory
 * A thread returns the address of its own variable. */
#include <pthread.h>

static void *maker(void *arg)
{
	int local[4] = { 1, 2, 3, 4 };
	int *volatile p = local;

	(void)arg;
	return p;
}

int main(void)
{
	pthread_t a;
	void *result;

	pthread_create(&a, NULL, maker, NULL);
	pthread_join(a, &result);
	return ((int *)result)[0] == 1 ? 0 : 1;
}
