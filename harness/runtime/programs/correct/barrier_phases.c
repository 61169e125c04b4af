/* Two phases a round, with a barrier between. */
#include <assert.h>
#include <pthread.h>

static pthread_barrier_t barrier;
static int cell[2][2], ids[2] = { 0, 1 };

static void *work(void *arg)
{
	int me = *(int *)arg;

	for (int i = 0; i < 3; i++) {
		cell[i % 2][me] = i;
		pthread_barrier_wait(&barrier);
		assert(cell[i % 2][!me] == i);
		pthread_barrier_wait(&barrier);
	}
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_barrier_init(&barrier, NULL, 2);
	pthread_create(&a, NULL, work, &ids[0]);
	pthread_create(&b, NULL, work, &ids[1]);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	pthread_barrier_destroy(&barrier);
	return 0;
}
