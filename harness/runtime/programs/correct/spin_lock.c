/* pthread_spin_lock and trylock. */
#include <assert.h>
#include <pthread.h>
#include <sched.h>

static pthread_spinlock_t lock;
static int counter;

static void *count(void *arg)
{
	for (int i = 0; i < 2; i++) {
		while (pthread_spin_trylock(&lock))
			sched_yield();
		counter++;
		pthread_spin_unlock(&lock);
		pthread_spin_lock(&lock);
		counter++;
		pthread_spin_unlock(&lock);
	}
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
	pthread_create(&a, NULL, count, NULL);
	pthread_create(&b, NULL, count, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert(counter == 8);
	pthread_spin_destroy(&lock);
	return 0;
}
