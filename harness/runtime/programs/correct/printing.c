/* Output and formatting by the C library. */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char text[2][16];
static int ids[2] = { 0, 1 };

static void *work(void *arg)
{
	int me = *(int *)arg;

	snprintf(text[me], sizeof(text[me]), "thread %d", me);
	pthread_mutex_lock(&lock);
	assert(strlen(text[me]) == 8);
	pthread_mutex_unlock(&lock);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, work, &ids[0]);
	pthread_create(&b, NULL, work, &ids[1]);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert(strcmp(text[0], "thread 0") == 0 && memcmp(text[1], "thread 1", 9) == 0);
	return 0;
}
