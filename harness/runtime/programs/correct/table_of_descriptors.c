/* What belongs to a connection stands in a table, by its number: closing orders the next use of it.
 */
#include <assert.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static struct {
	int asked;
} table[1024]; /* of a connection: its server's alone, until it closes */

static void *serve(void *arg)
{
	int fd = *(int *)arg, n;
	struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.fd = fd };
	char c;

	table[fd].asked = 0;
	int set = epoll_create1(EPOLL_CLOEXEC);
	int err = epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
	assert(err == 0);
	while ((n = epoll_wait(set, &event, 1, -1)) == 1) {
		ssize_t got;
		while ((got = recv(event.data.fd, &c, 1, MSG_DONTWAIT)) == 1) {
			table[fd].asked++;
			ssize_t put = send(fd, &c, 1, MSG_NOSIGNAL);
			assert(put == 1);
		}
		if (got == 0)
			break;
	}
	assert(table[fd].asked == 2);
	close(set);
	close(fd);
	return arg;
}

static void *visit(void *arg)
{
	char text[3] = { 0 };
	pthread_t server;
	int pair[2];

	int err = socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	assert(err == 0);
	pthread_create(&server, NULL, serve, &pair[1]);
	for (int i = 0; i < 2; i++) {
		ssize_t n = write(pair[0], &"ab"[i], 1);
		assert(n == 1);
		n = read(pair[0], &text[i], 1);
		assert(n == 1);
	}
	assert(strcmp(text, "ab") == 0);
	close(pair[0]);
	pthread_join(server, NULL);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, visit, NULL);
	pthread_create(&b, NULL, visit, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
