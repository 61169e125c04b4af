/* options: --vt=3
 * Sixty-four threads on three cores, where a schedule that is explored has sixteen: each waits nine
 * times as long as it computes, so thirty are enough to keep the cores busy. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 10

uint64_t cl_burn(uint64_t seed, uint64_t rounds);
static atomic_int done;

static void *work(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		usleep(900);
		cl_burn(1, 100000);
		atomic_fetch_add(&done, 1);
	}
	return arg;
}

int main(void)
{
	enum { THREADS = 64 };
	struct timespec before, after;
	pthread_t thread[THREADS];

	clock_gettime(CLOCK_MONOTONIC, &before);
	for (int i = 0; i < THREADS; i++)
		assert(pthread_create(&thread[i], NULL, work, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert(done == THREADS * ROUNDS);
	const long taken_ns = (after.tv_sec - before.tv_sec) * 1000000000L + after.tv_nsec -
			      before.tv_nsec;
	assert(taken_ns >= THREADS * ROUNDS * 100000L / 3 && taken_ns < 23000000L);
	return 0;
}
