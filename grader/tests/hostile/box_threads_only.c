/* Forks in a lab of threads, by every call there is.
 *
 * Row: R19
 * Base: box lab3
 * By: clone without CLONE_THREAD is refused where a lab has no processes
 * Expect: contained */
#include "attack.h"

#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void from(const char *what, long pid)
{
	if (pid == 0)
		_exit(0);
	attempt(what, pid);
}

int main(void)
{
	from("fork", fork());
	from("the call fork", syscall(SYS_fork));
	from("clone", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
	from("clone with shared memory alone",
	     syscall(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0));
	attempt("a socket", socket(2, 1, 0));
	return done("EPERM");
}
