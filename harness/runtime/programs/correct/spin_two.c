/* Two threads spin on one word, without a yield, until a third one, which yields, has set it. */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static atomic_int state; /* 0 nobody has begun, 1 under way, 2 done */
static int result;

static void *run(void *arg)
{
	int nobody = 0;

	(void)arg;
	if (atomic_compare_exchange_strong(&state, &nobody, 1)) {
		sched_yield();
		result = 7;
		atomic_store(&state, 2);
	}
	while (atomic_load(&state) != 2)
		;
	assert(result == 7);
	return NULL;
}

int main(void)
{
	pthread_t thread[3];

	for (int i = 0; i < 3; i++)
		pthread_create(&thread[i], NULL, run, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	return 0;
}
