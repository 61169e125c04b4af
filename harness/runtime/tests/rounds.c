/* rounds N SECONDS - has a program of the corpus try N times on real threads, under whatever
 * detector watches.
 *
 * Its main (renamed to program_main) ends after a few operations, and would be over before anything
 * could happen twice. Each round is a child of its own, so that it begins with fresh data, and the
 * detector's own start is paid once. The first round that does not end well ends all:
 * exit status 0 all ended well, 1 a status other than 0, 2 a signal, 3 still there after SECONDS.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../outside.h"

enum { BACKLOG = 8 };

int program_main(int argc, char **argv);

static char *arguments[] = { (char[]){ "program" }, NULL };

static struct sockaddr_in server = { .sin_family = AF_INET };

/* The clients of a server, which the explorer's runtime plays: here on loopback. Their round ends
 * without TIME_WAIT, or thousands of rounds would use up the ports. */
int outside_listener(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t length = sizeof(server);

	server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&server, length) < 0 || listen(fd, BACKLOG) < 0 ||
	    getsockname(fd, (struct sockaddr *)&server, &length) < 0)
		return -1;
	return fd;
}

int outside_connect(void)
{
	const struct linger at_once = { .l_onoff = 1 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)) < 0 ||
	    connect(fd, (struct sockaddr *)&server, sizeof(server)) < 0)
		return -1;
	return fd;
}

static int round_play(unsigned seconds)
{
	int status;
	pid_t child = fork();

	if (child < 0)
		return 4;
	if (child == 0) {
		(void)alarm(seconds);
		exit(program_main(1, arguments));
	}
	if (waitpid(child, &status, 0) != child)
		return 4;
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGALRM ? 3 : 2;
	return WEXITSTATUS(status) ? 1 : 0;
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	unsigned long seconds = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	int end = 0;

	if (rounds == 0 || seconds == 0) {
		(void)fprintf(stderr, "usage: %s ROUNDS SECONDS\n", argv[0]);
		return 4;
	}
	for (unsigned long i = 0; i < rounds && end == 0; i++)
		end = round_play((unsigned)seconds);
	return end;
}
