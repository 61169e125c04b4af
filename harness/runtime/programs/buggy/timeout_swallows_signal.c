/* expect: lost-wakeup
 * A waiter that gives up takes along a wake-up that was meant for the item. */
#include <pthread.h>
#include <time.h>

static int items, got;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;

static void *impatient(void *arg)
{
	struct timespec until;
	int err = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	pthread_mutex_lock(&lock);
	while (items == 0 && err == 0)
		err = pthread_cond_timedwait(&not_empty, &lock, &until);
	if (err == 0) {
		items--;
		got++;
	}
	pthread_mutex_unlock(&lock);
	return arg;
}

static void *patient(void *arg)
{
	pthread_mutex_lock(&lock);
	while (items == 0 && got == 0)
		pthread_cond_wait(&not_empty, &lock);
	pthread_mutex_unlock(&lock);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, impatient, NULL);
	pthread_create(&b, NULL, patient, NULL);
	pthread_mutex_lock(&lock);
	items++;
	pthread_cond_signal(&not_empty);
	pthread_mutex_unlock(&lock);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
