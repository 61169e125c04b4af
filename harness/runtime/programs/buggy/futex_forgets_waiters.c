/* expect: lost-wakeup
 * Unlocking wakes somebody only if the word says so, and the third to come overwrites that. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

int cl_futex_wait(uint32_t *word, uint32_t expected, uint64_t deadline_us);
int cl_futex_wake(uint32_t *word, int n);
static _Atomic uint32_t word; /* 0 free, 1 taken, 2 taken and waited for */
static int counter;

static void lock(void)
{
	uint32_t seen = 0;

	while (!atomic_compare_exchange_strong(&word, &seen, 1)) {
		atomic_compare_exchange_strong(&word, &(uint32_t){ 1 }, 2);
		cl_futex_wait((uint32_t *)&word, 2, UINT64_MAX);
		seen = 0;
	}
}

static void unlock(void)
{
	if (atomic_exchange(&word, 0) == 2)
		cl_futex_wake((uint32_t *)&word, 1);
}

static void *count(void *arg)
{
	lock();
	counter++;
	unlock();
	return arg;
}

int main(void)
{
	pthread_t threads[3];

	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, count, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
