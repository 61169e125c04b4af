/* Makes a user namespace, in which it would be root, by clone and clone3.
 *
 * Row: R19
 * Base: box lab1
 * By: clone's flags are filtered, clone3 is unknown, max_user_namespaces is 0
 * Expect: contained */
#include "attack.h"

#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

static void from_clone(unsigned long flags, const char *what)
{
	long pid = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0)
		_exit(0);
	attempt(what, pid);
}

int main(void)
{
	from_clone(CLONE_NEWUSER, "a user namespace");
	from_clone(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID, "user, network and PID namespaces");
	from_clone(0x500000000ul | CLONE_NEWUSER, "a user namespace with high bits");
	struct clone_args arguments = { .flags = CLONE_NEWUSER, .exit_signal = SIGCHLD };
	long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
	if (pid == 0)
		_exit(0);
	attempt("a user namespace by clone3", pid);
	return done("EPERM, ENOSYS");
}
