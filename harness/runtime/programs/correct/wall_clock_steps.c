/* options: --vt=1 --wall-step
 * A wait on the monotonic clock does not care when the wall clock is set an hour ahead. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never;

int main(void)
{
	struct timespec wall[2], start, until, end;
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&never, &attr);
	clock_gettime(CLOCK_REALTIME, &wall[0]);
	clock_gettime(CLOCK_MONOTONIC, &start);
	until = start;
	until.tv_sec += 10;
	pthread_mutex_lock(&lock);
	while (pthread_cond_timedwait(&never, &lock, &until) != ETIMEDOUT)
		;
	pthread_mutex_unlock(&lock);
	clock_gettime(CLOCK_MONOTONIC, &end);
	clock_gettime(CLOCK_REALTIME, &wall[1]);
	assert(end.tv_sec - start.tv_sec == 10);
	assert(wall[1].tv_sec - wall[0].tv_sec == 3610);
	return 0;
}
