/* expect: race
 * The text of an error that libc does not know is the thread's own, until its next call. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

static const char *_Atomic message;

static void *listener(void *arg)
{
	const char *text = atomic_load(&message);

	return text && strlen(text) != 18 ? NULL : arg;
}

int main(void)
{
	pthread_t a;

	pthread_create(&a, NULL, listener, NULL);
	atomic_store(&message, strerror(5000));
	const char *next = strerror(6000);
	pthread_join(a, NULL);
	return next == NULL;
}
