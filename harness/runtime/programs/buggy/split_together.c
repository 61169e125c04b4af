/* expect: race
 * Two threads cut one text into pieces: each has a place of its own in it, and both put zeros
 * there. */
#include <pthread.h>
#include <string.h>

static char text[] = "a,b,c,d";

static void *cutter(void *arg)
{
	char *rest;

	for (char *piece = strtok_r(text, ",", &rest); piece; piece = strtok_r(NULL, ",", &rest))
		continue;
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, cutter, NULL);
	pthread_create(&b, NULL, cutter, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
