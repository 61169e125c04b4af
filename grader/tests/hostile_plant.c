/* hostile_plant.c - stands for what a grader or a neighbour has open on the host: a TCP listener on
 * the loopback device and a Unix socket with an abstract name. Prints "planted", then waits to be
 * killed. For hostile.sh and naive.sh. */
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(void)
{
	static const char name[] = "interleave-planted";
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int tcp = socket(AF_INET, SOCK_STREAM, 0), local = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(un.sun_path + 1, name, sizeof name - 1);
	if (bind(tcp, (struct sockaddr *)&at, sizeof at) != 0 || listen(tcp, 1000) != 0)
		return 1;
	/* Taken already: another run of the corpus has planted it, which serves as well. */
	if (bind(local, (struct sockaddr *)&un,
		 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + sizeof name)) == 0)
		(void)listen(local, 1000);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* nobody else would end it */
	(void)puts("planted");
	(void)fflush(stdout);
	for (;;)
		(void)pause();
}
