/* pthread_once, and a variable for each thread. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int *table;
static _Thread_local int mine;

static void table_make(void)
{
	table = malloc(4 * sizeof(*table));
	for (int i = 0; i < 4; i++)
		table[i] = i;
}

static void *use(void *arg)
{
	for (int i = 0; i < 4; i++) {
		pthread_once(&once, table_make);
		mine += table[i];
	}
	assert(mine == 6);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, use, NULL);
	pthread_create(&b, NULL, use, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	free(table);
	return 0;
}
