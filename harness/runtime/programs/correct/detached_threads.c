/* Detached threads, counted down under a mutex. */
#include <pthread.h>

static int running = 3;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_gone = PTHREAD_COND_INITIALIZER;

static void *work(void *arg)
{
	pthread_mutex_lock(&lock);
	if (--running == 0)
		pthread_cond_broadcast(&all_gone);
	pthread_mutex_unlock(&lock);
	return arg;
}

int main(void)
{
	pthread_attr_t attr;
	pthread_t t;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_create(&t, &attr, work, NULL);
	pthread_create(&t, &attr, work, NULL);
	pthread_create(&t, NULL, work, NULL);
	pthread_detach(t);
	pthread_attr_destroy(&attr);
	pthread_mutex_lock(&lock);
	while (running > 0)
		pthread_cond_wait(&all_gone, &lock);
	pthread_mutex_unlock(&lock);
	return 0;
}
