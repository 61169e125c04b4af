/* Connects to every port of the loopback device, where graders and neighbours listen.
 *
 * Row: R14
 * Base: box lab1
 * By: own network namespace: nobody else listens on its lo
 * Expect: contained */
#include "attack.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	for (int port = 1; port < 65536; port++) {
		struct sockaddr_in to = { .sin_family = AF_INET,
					  .sin_port = htons((uint16_t)port),
					  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
		struct sockaddr_in me = { 0 };
		socklen_t size = sizeof me;
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0 &&
		    getsockname(fd, (struct sockaddr *)&me, &size) == 0 &&
		    ntohs(me.sin_port) != port)
			harm("port %d", port);
		(void)close(fd);
	}
	return done("ECONNREFUSED at every port");
}
