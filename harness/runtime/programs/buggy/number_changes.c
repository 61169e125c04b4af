/* expect: race
 * A number is read from a text in which the other thread puts another digit. */
#include <pthread.h>
#include <stdlib.h>

static char text[] = "1234;";

static void *reader(void *arg)
{
	return atoll(text) > 0 ? arg : NULL;
}

static void *writer(void *arg)
{
	text[3] = '5';
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, reader, NULL);
	pthread_create(&b, NULL, writer, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
