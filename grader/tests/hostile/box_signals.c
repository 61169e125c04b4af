/* Signals everybody: by number, by group, everybody at once, its parent and PID 1.
 *
 * Row: R8
 * Base: box lab1
 * By: own PID namespace, session and uid; Landlock's scope of signals
 * Expect: contained */
#include "attack.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	int reached = 0;
	for (int signo = 1; signo < 32; signo++)
		(void)signal(signo, SIG_IGN);
	for (pid_t pid = 2; pid < 70000; pid++)
		if (pid != getpid() && kill(pid, SIGTERM) == 0)
			reached++;
	(void)kill(-1, SIGTERM);
	(void)kill(getppid(), SIGKILL);
	(void)kill(1, SIGKILL);
	if (getppid() > 1)
		(void)killpg(getpgid(getppid()), SIGKILL);
	int self = (int)syscall(SYS_pidfd_open, 1, 0);
	if (self >= 0 && syscall(SYS_pidfd_send_signal, self, SIGKILL, NULL, 0) == 0 &&
	    getpid() == 1)
		harm("PID 1");
	if (reached > 0)
		harm("SIGTERM to %d processes", reached);
	return done("nobody to signal");
}
