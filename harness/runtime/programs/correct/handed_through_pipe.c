/* A pointer goes through a pipe, a counter through an eventfd: what was written before is seen
 * after. */
#include <assert.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int tube[2], bell;
static int answer; /* written before the bell is rung */

static void *maker(void *arg)
{
	for (int i = 1; i <= 2; i++) {
		int *value = malloc(sizeof(*value));
		*value = i;
		ssize_t put = write(tube[1], &value, sizeof(value));
		assert(put == (ssize_t)sizeof(value));
	}
	close(tube[1]);
	return arg;
}

static void *taker(void *arg)
{
	int *value;

	while (read(tube[0], &value, sizeof(value)) == (ssize_t)sizeof(value)) {
		answer += *value;
		free(value);
	}
	int err = eventfd_write(bell, 1);
	assert(err == 0);
	return arg;
}

int main(void)
{
	pthread_t a, b;
	eventfd_t count;

	int err = pipe(tube);
	assert(err == 0);
	bell = eventfd(0, EFD_CLOEXEC);
	pthread_create(&a, NULL, maker, NULL);
	pthread_create(&b, NULL, taker, NULL);
	struct pollfd wait = { .fd = bell, .events = POLLIN };
	int ready = poll(&wait, 1, -1);
	assert(ready == 1);
	err = eventfd_read(bell, &count);
	assert(err == 0 && count == 1 && answer == 3);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	close(tube[0]);
	close(bell);
	return 0;
}
