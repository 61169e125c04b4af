/* A waiter that was woken and stands before the mutex waits for it, however late it gets. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>

static int turns, inside;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void enter(void)
{
	assert(inside++ == 0);
}

static void leave(void)
{
	assert(--inside == 0);
}

static void *waiter(void *arg)
{
	struct timespec until;

	pthread_mutex_lock(&lock);
	enter();
	clock_gettime(CLOCK_REALTIME, &until);
	while (turns < 2) {
		until.tv_sec++;
		leave();
		(void)pthread_cond_timedwait(&changed, &lock, &until);
		enter();
	}
	leave();
	pthread_mutex_unlock(&lock);
	return arg;
}

/* The clock is read inside, so that there is somewhere to stop with the lock held. */
static void *worker(void *arg)
{
	struct timespec now;

	pthread_mutex_lock(&lock);
	enter();
	turns++;
	pthread_cond_signal(&changed);
	clock_gettime(CLOCK_REALTIME, &now);
	leave();
	pthread_mutex_unlock(&lock);
	return arg;
}

int main(void)
{
	pthread_t a, b, c;

	pthread_create(&a, NULL, waiter, NULL);
	pthread_create(&b, NULL, worker, NULL);
	pthread_create(&c, NULL, worker, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	pthread_join(c, NULL);
	return 0;
}
