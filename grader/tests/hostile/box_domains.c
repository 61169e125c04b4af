/* Opens sockets of every domain and type, also hidden in the high half of the argument.
 *
 * Row: R15
 * Base: box lab1
 * By: an allow-list of domains and types, compared masked
 * Expect: contained */
#include "attack.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	for (int domain = 0; domain < 46; domain++) {
		for (int type = 1; type < 11; type++) {
			int stream = domain == AF_UNIX || domain == AF_INET || domain == AF_INET6;
			long plain = syscall(SYS_socket, domain, type, 0);
			long high = syscall(SYS_socket, 0x100000000l | domain, 0x700000000l | type,
					    0);
			if ((plain >= 0 || high >= 0) && !(stream && type == SOCK_STREAM))
				harm("domain %d type %d", domain, type);
			(void)close((int)plain);
			(void)close((int)high);
			int pair[2];
			if (domain != AF_UNIX && socketpair(domain, type, 0, pair) == 0)
				harm("a pair of domain %d", domain);
		}
	}
	return done("EPERM but for streams");
}
