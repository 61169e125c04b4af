/* Who sees the flag may destroy the mutex at once: the other has let go of it. */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

struct job {
	pthread_mutex_t lock;
	int done;
};

static void *work(void *arg)
{
	struct job *j = arg;

	pthread_mutex_lock(&j->lock);
	j->done = 1;
	pthread_mutex_unlock(&j->lock);
	return NULL;
}

int main(void)
{
	struct job *j = malloc(sizeof(*j));
	pthread_t a;
	int done = 0;

	j->done = 0;
	pthread_mutex_init(&j->lock, NULL);
	pthread_create(&a, NULL, work, j);
	while (!done) {
		pthread_mutex_lock(&j->lock);
		done = j->done;
		pthread_mutex_unlock(&j->lock);
		sched_yield();
	}
	pthread_mutex_destroy(&j->lock);
	free(j);
	pthread_join(a, NULL);
	return 0;
}
