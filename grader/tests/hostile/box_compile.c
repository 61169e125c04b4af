/* What a compiler that was taken over could do: the network, the host's files, its own tools.
 *
 * Row: C7
 * Base: box compile --usr --out --tmp
 * By: no sockets, read-only /usr, nothing else of the host
 * Expect: contained */
#include "attack.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	attempt("a socket", socket(AF_INET, SOCK_STREAM, 0));
	attempt("a Unix socket", socket(AF_UNIX, SOCK_STREAM, 0));
	attempt("/etc/shadow", open("/etc/shadow", O_RDONLY));
	attempt("the hidden tests", open("@ROOT@/hidden/answers.txt", O_RDONLY));
	attempt("the reference", open("@ROOT@/solutions/1-fork-server/reference/net.c", O_RDONLY));
	attempt("the compiler's program", open("/usr/bin/gcc", O_WRONLY));
	attempt("a new tool", open("/usr/bin/made", O_WRONLY | O_CREAT, 0700));
	attempt("PID 1's files", access("/proc/1/root/etc", R_OK));
	return done("a compiler's box holds a compiler");
}
