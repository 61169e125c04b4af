/* Looks for sockets of others: abstract names, the usual paths, /proc/net.
 *
 * Row: R33
 * Base: box lab1
 * By: own network and mount namespaces, Landlock's scope of abstract sockets
 * Expect: contained */
#include "attack.h"

#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void reach(const char *name, int abstract)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	(void)snprintf(to.sun_path + abstract, sizeof to.sun_path - (size_t)abstract, "%s", name);
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)abstract +
				     strlen(name));
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, size) == 0)
		harm("%s%s", abstract ? "@" : "", name);
	(void)close(fd);
}

int main(void)
{
	static const char *const names[] = {
		"/run/dbus/system_bus_socket",     "/run/systemd/private", "/var/run/docker.sock",
		"/run/containerd/containerd.sock", "/tmp/.X11-unix/X0",    "/tmp/interleave-planted"
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		reach(names[i], 0);
		reach(names[i], 1);
	}
	reach("interleave-planted", 1);
	FILE *list = fopen("/proc/net/unix", "r");
	char line[256];
	while (list != NULL && fgets(line, sizeof line, list) != NULL) {
		char *name = strchr(line, '@');
		if (name != NULL)
			reach(strtok(name + 1, "\n"), 1);
	}
	return done("nobody to talk to");
}
