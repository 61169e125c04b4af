/* Leaves links, FIFOs, devices and sparse files in the folder of its results.
 *
 * Row: R27
 * Base: box lab1 --out --tmp
 * By: link, symlink, mknod are denied; outputs are opened without links, regular, capped
 * Expect: contained */
#include "attack.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	(void)signal(SIGXFSZ, SIG_IGN);
	attempt("a symbolic link", symlink("/etc/shadow", "/out/result"));
	attempt("a hard link to its program", link("/proc/self/exe", "/out/program"));
	attempt("a FIFO", mkfifo("/out/fifo", 0600));
	attempt("a device", mknod("/out/device", S_IFCHR | 0600, 0x101));
	int fd = open("/tmp/sparse", O_RDWR | O_CREAT, 0600);
	attempt("a file of a tebibyte", fd >= 0 ? ftruncate(fd, 1l << 40) : -1);
	return done("EPERM, EFBIG");
}
