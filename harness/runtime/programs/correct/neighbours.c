/* Threads write their own bytes of one word. */
#include <assert.h>
#include <pthread.h>

static char cells[8];
static int ids[2] = { 0, 3 };

static void *work(void *arg)
{
	int me = *(int *)arg;

	for (int i = 0; i < 3; i++)
		cells[me + i]++;
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, work, &ids[0]);
	pthread_create(&b, NULL, work, &ids[1]);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert(cells[0] == 1 && cells[5] == 1 && cells[7] == 0);
	return 0;
}
