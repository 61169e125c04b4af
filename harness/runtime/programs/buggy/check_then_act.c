/* expect: assertion
 * Looking and taking are locked, but each by itself. */
#include <assert.h>
#include <pthread.h>

static int seats = 1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int free_seats(void)
{
	pthread_mutex_lock(&lock);
	int n = seats;
	pthread_mutex_unlock(&lock);
	return n;
}

static void *book(void *arg)
{
	if (free_seats() > 0) {
		pthread_mutex_lock(&lock);
		seats--;
		pthread_mutex_unlock(&lock);
	}
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, book, NULL);
	pthread_create(&b, NULL, book, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert(free_seats() >= 0);
	return 0;
}
