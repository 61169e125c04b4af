/* expect: bad-free race
 * Both threads free what each takes for its own. */
#include <pthread.h>
#include <stdlib.h>

static int *shared;

static void *freeing(void *arg)
{
	free(shared);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	shared = malloc(sizeof(*shared));
	pthread_create(&a, NULL, freeing, NULL);
	pthread_create(&b, NULL, freeing, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
