/* Two threads accept, each with a length of its own, and see clients at different ports. */
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

int outside_listener(void);
int outside_connect(void);

static int listener;
static in_port_t port[2];

static void *acceptor(void *arg)
{
	struct sockaddr_in from;
	socklen_t length = sizeof(from);

	if (accept4(listener, (struct sockaddr *)&from, &length, 0) < 0 || length != sizeof(from))
		abort();
	*(in_port_t *)arg = from.sin_port;
	return NULL;
}

int main(void)
{
	pthread_t a, b;

	listener = outside_listener();
	if (outside_connect() < 0 || outside_connect() < 0)
		return 1;
	pthread_create(&a, NULL, acceptor, &port[0]);
	pthread_create(&b, NULL, acceptor, &port[1]);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	if (port[0] == port[1])
		abort();
	return 0;
}
