/* expect: race
 * Two threads accept with one variable for the length of the address. */
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>

int outside_listener(void);
int outside_connect(void);

static socklen_t length = sizeof(struct sockaddr_in);
static int listener;

static void *acceptor(void *arg)
{
	struct sockaddr_in from;

	return accept4(listener, (struct sockaddr *)&from, &length, 0) < 0 ? arg : NULL;
}

int main(void)
{
	pthread_t a, b;

	listener = outside_listener();
	if (outside_connect() < 0 || outside_connect() < 0)
		return 1;
	pthread_create(&a, NULL, acceptor, NULL);
	pthread_create(&b, NULL, acceptor, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
