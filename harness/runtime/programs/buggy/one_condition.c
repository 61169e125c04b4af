/* expect: lost-wakeup
 * One condition for two predicates: the signal reaches one whom it does not help. */
#include <pthread.h>

static int count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void *move(void *arg)
{
	int from = *(int *)arg;

	for (int i = 0; i < 3; i++) {
		pthread_mutex_lock(&lock);
		while (count == from)
			pthread_cond_wait(&changed, &lock);
		count = from;
		pthread_cond_signal(&changed);
		pthread_mutex_unlock(&lock);
	}
	return arg;
}

int main(void)
{
	static int full = 1, empty = 0;
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, move, i < 2 ? &full : &empty);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
