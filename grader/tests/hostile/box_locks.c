/* Signals to neighbours through locks and leases on files of /usr that all boxes show.
 *
 * Row: R12
 * Base: box lab3 --usr
 * By: locks and leases of files that others see are denied
 * Expect: contained */
#include "attack.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

int main(void)
{
	int fd = open("/usr/bin/env", O_RDONLY);
	if (fd < 0)
		return done("no file of the host");
	struct flock lock = { .l_type = F_RDLCK };
	attempt("a lease", fcntl(fd, F_SETLEASE, F_RDLCK));
	attempt("a whole-file lock", flock(fd, LOCK_EX | LOCK_NB));
	attempt("a record lock", fcntl(fd, F_SETLK, &lock));
	attempt("an open file description's lock", fcntl(fd, F_OFD_SETLK, &lock));
	attempt("a notice", fcntl(open("/usr/bin", O_RDONLY), F_NOTIFY, DN_ACCESS));
	return done("EPERM");
}
