/* expect: race
 * Two threads have sscanf put a word each into one place. */
#include <pthread.h>
#include <stdio.h>

static char word[8];

static void *scanner(void *arg)
{
	return sscanf("GET /index", "%*s %7s", word) == 1 ? arg : NULL;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, scanner, NULL);
	pthread_create(&b, NULL, scanner, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
