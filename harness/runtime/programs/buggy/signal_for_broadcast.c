/* expect: lost-wakeup
 * Shutdown wakes one of two workers. */
#include <pthread.h>

static int jobs, stop;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void *worker(void *arg)
{
	pthread_mutex_lock(&lock);
	for (;;) {
		while (jobs == 0 && !stop)
			pthread_cond_wait(&changed, &lock);
		if (jobs == 0)
			break;
		jobs--;
	}
	pthread_mutex_unlock(&lock);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, worker, NULL);
	pthread_create(&b, NULL, worker, NULL);
	for (int i = 0; i < 2; i++) {
		pthread_mutex_lock(&lock);
		jobs++;
		pthread_cond_signal(&changed);
		pthread_mutex_unlock(&lock);
	}
	pthread_mutex_lock(&lock);
	stop = 1;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
