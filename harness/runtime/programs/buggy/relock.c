/* expect: misuse
 * A helper locks what its caller holds. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int value;

static void helper(void)
{
	pthread_mutex_lock(&lock);
	value++;
	pthread_mutex_unlock(&lock);
}

int main(void)
{
	pthread_mutex_lock(&lock);
	helper();
	pthread_mutex_unlock(&lock);
	return 0;
}
