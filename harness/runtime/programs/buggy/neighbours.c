/* expect: race
 * Two bytes of one word: only the last one is shared. */
#include <pthread.h>

static char flags[8];

static void *left(void *arg)
{
	flags[0] = 1;
	flags[7] = 1;
	return arg;
}

static void *right(void *arg)
{
	flags[1] = 1;
	flags[7] = 2;
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, left, NULL);
	pthread_create(&b, NULL, right, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
