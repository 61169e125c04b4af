/* expect: race
 * A text that asprintf has made is handed over by a pointer that orders nothing. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *_Atomic published;

static void *reader(void *arg)
{
	const char *text = atomic_load_explicit(&published, memory_order_relaxed);

	return text && strcmp(text, "item 7") != 0 ? NULL : arg;
}

int main(void)
{
	pthread_t a;
	char *text;

	pthread_create(&a, NULL, reader, NULL);
	if (asprintf(&text, "item %d", 7) == 6)
		atomic_store_explicit(&published, text, memory_order_relaxed);
	pthread_join(a, NULL);
	free(text);
	return 0;
}
