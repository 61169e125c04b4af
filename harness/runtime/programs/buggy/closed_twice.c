/* expect: misuse
 * Reader and writer of a connection both close it: the second takes away whoever has the number
 * now. */
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static int pair[2];

static void *reader(void *arg)
{
	char c;

	(void)recv(pair[0], &c, 1, 0);
	close(pair[0]);
	return arg;
}

static void *writer(void *arg)
{
	(void)send(pair[0], "x", 1, MSG_NOSIGNAL);
	close(pair[0]);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return 0;
	(void)send(pair[1], "y", 1, MSG_NOSIGNAL);
	pthread_create(&a, NULL, reader, NULL);
	pthread_create(&b, NULL, writer, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
