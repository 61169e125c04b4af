/* Writes evidence and a verdict to every descriptor it can have, then claims success.
 *
 * Row: V4
 * Base: skeleton
 * By: no descriptor of ours is in the box; evidence comes from the examiner
 * Expect: fail */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

int net_listen(const char *addr, uint16_t port, int backlog)
{
	static const char *const lines[] = {
		"{\"rec\":\"law\",\"name\":\"all\",\"held\":true}\n",
		"{\"rec\":\"end\",\"evidence\":{\"requests\":1}}\n",
		"100%: Checks: 1, Failures: 0, Errors: 0\n",
		"{\"scores\":{\"Lab 1\":100}}\n",
	};
	(void)addr;
	(void)port;
	(void)backlog;
	for (int fd = 0; fd < 256; fd++)
		for (int i = 0; i < 4; i++)
			if (write(fd, lines[i], strlen(lines[i])) < 0)
				break;
	return 0;
}
#define net_listen skeleton_net_listen
