/* Sends what it knows to the world: TCP, UDP and DNS, IPv4 and IPv6, broadcast and multicast.
 *
 * Row: R13
 * Base: box lab1
 * By: own network namespace with nothing but lo
 * Expect: contained */
#include "attack.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static void reach(int type, const char *address, int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int on = 1, fd = socket(AF_INET, type | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return;
	(void)setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
	(void)inet_pton(AF_INET, address, &to.sin_addr);
	if (type == SOCK_DGRAM) {
		if (sendto(fd, "secret", 6, 0, (struct sockaddr *)&to, sizeof to) == 6)
			harm("UDP to %s", address);
	} else if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0 || errno == EINPROGRESS) {
		harm("TCP to %s is under way", address);
	}
	(void)close(fd);
}

int main(void)
{
	static const char *const addresses[] = {
		"192.0.2.1",       "10.0.0.1",        "172.16.0.1",
		"169.254.169.254", "255.255.255.255", "224.0.0.251"
	};
	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		reach(SOCK_STREAM, addresses[i], 53);
		reach(SOCK_DGRAM, addresses[i], 53);
	}
	attempt("a datagram socket", socket(AF_INET, SOCK_DGRAM, 0));
	return done("ENETUNREACH");
}
