/* More threads one after the other than there are places at once. */
#include <assert.h>
#include <pthread.h>

static int count;

static void *work(void *arg)
{
	count++;
	return arg;
}

int main(void)
{
	for (int i = 0; i < 40; i++) {
		pthread_t t;
		pthread_create(&t, NULL, work, NULL);
		pthread_join(t, NULL);
	}
	assert(count == 40);
	return 0;
}
