/* Prints escape sequences, NUL and bytes that are no text, as much as it can, then claims
 * success.
 *
 * Row: R25
 * Base: skeleton
 * By: output is bytes in a file; every text is cleaned where it is shown
 * Expect: fail */
#include <stdint.h>
#include <unistd.h>

int net_listen(const char *addr, uint16_t port, int backlog)
{
	static const char text[] =
		"\033[2J\033]0;title\007\033[1;1HScore 100 of 100\r\n\0\377\376\302\233";
	(void)addr;
	(void)port;
	(void)backlog;
	for (int i = 0; i < 10000; i++)
		if (write(1, text, sizeof text) < 0 || write(2, text, sizeof text) < 0)
			break;
	return 0;
}
#define net_listen skeleton_net_listen
