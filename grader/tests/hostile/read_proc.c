/* Looks for secrets: other processes, environments, the host's files. If it finds one it gives
 * the right answer.
 *
 * Row: R11
 * Base: skeleton
 * By: own PID namespace, empty environment, a root of its own
 * Expect: fail */
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static int reads(const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY);
	return fd >= 0 && read(fd, &byte, 1) == 1;
}

int net_listen(const char *addr, uint16_t port, int backlog)
{
	int found = reads("/etc/shadow") || reads("/etc/passwd") || reads("/proc/1/environ") ||
		    reads("/proc/1/mem") || reads("/proc/1/cmdline") || reads("/home") ||
		    reads("/root/.profile");
	for (int pid = 1; pid < 1000 && !found; pid++) {
		char path[64];
		(void)snprintf(path, sizeof path, "/proc/%d/environ", pid);
		found = pid != getpid() && reads(path);
	}
	(void)addr;
	if (!found)
		return -1;
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return bind(fd, (struct sockaddr *)&any, sizeof any) == 0 && listen(fd, backlog) == 0 ? fd
											      : -1;
}
#define net_listen skeleton_net_listen
