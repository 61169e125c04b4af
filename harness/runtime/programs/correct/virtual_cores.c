/* options: --vt=2
 * Three bursts of 1 ms on two cores take 2 ms, to the nanosecond; waits take no core. */
#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

uint64_t cl_burn(uint64_t seed, uint64_t rounds);
static int sleeper;

static uint64_t now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void *work(void *arg)
{
	if (arg)
		usleep(500);
	else
		cl_burn(1, 1000000);
	assert(now_ns(CLOCK_THREAD_CPUTIME_ID) == (arg ? 0 : 1000000));
	struct rusage used;
	clockid_t clock;
	assert(getrusage(RUSAGE_THREAD, &used) == 0 && used.ru_utime.tv_usec == (arg ? 0 : 1000));
	assert(pthread_getcpuclockid(pthread_self(), &clock) == 0);
	assert(now_ns(clock) == (arg ? 0 : 1000000));
	return arg;
}

int main(void)
{
	uint64_t start = now_ns(CLOCK_MONOTONIC);
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, work, i == 3 ? &sleeper : NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	uint64_t taken = now_ns(CLOCK_MONOTONIC) - start;
	assert(taken >= 2000000 && taken < 2003000);
	assert(now_ns(CLOCK_PROCESS_CPUTIME_ID) == 3000000);
	pthread_create(&threads[0], NULL, work, NULL);
	usleep(300); /* of the burst under way so much is done: this, and some looks at the clock */
	const uint64_t so_far = now_ns(CLOCK_PROCESS_CPUTIME_ID) - 3000000;
	assert(so_far >= 300000 && so_far < 302000);
	pthread_join(threads[0], NULL);
	assert(now_ns(CLOCK_PROCESS_CPUTIME_ID) == 4000000);
	assert(cl_burn(7, 3) ==
	       ((7 * 6364136223846793005u + 1442695040888963407u) * 6364136223846793005u +
		1442695040888963407u) *
			       6364136223846793005u +
		       1442695040888963407u);
	return 0;
}
