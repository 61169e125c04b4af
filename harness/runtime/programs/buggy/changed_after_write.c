/* expect: race
 * A pointer is sent through a pipe, and what it points to is changed afterwards. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static int tube[2];

static void *maker(void *arg)
{
	int *value = malloc(sizeof(*value));

	*value = 1;
	if (write(tube[1], &value, sizeof(value)) == (ssize_t)sizeof(value))
		*value = 2;
	return arg;
}

static void *taker(void *arg)
{
	int *value;

	if (read(tube[0], &value, sizeof(value)) == (ssize_t)sizeof(value) && *value == 3)
		return NULL;
	return arg;
}

int main(void)
{
	pthread_t a, b;

	if (pipe(tube))
		return 0;
	pthread_create(&a, NULL, maker, NULL);
	pthread_create(&b, NULL, taker, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
