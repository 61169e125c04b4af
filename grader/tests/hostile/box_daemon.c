/* Ends at once and leaves daemons behind, forked twice, deaf, in sessions of their own.
 *
 * Row: R7
 * Base: box lab1
 * By: PID namespace: ends with init; the group is killed and awaited empty
 * Expect: contained */
#include "attack.h"

#include <signal.h>
#include <unistd.h>

int main(void)
{
	for (int i = 0; i < 4; i++) {
		if (fork() != 0)
			continue;
		(void)setsid();
		for (int signo = 1; signo < 32; signo++)
			(void)signal(signo, SIG_IGN);
		if (fork() == 0) {
			for (int fd = 0; fd < 3; fd++)
				(void)close(fd);
			for (;;)
				(void)pause();
		}
		_exit(0);
	}
	return done("daemons end with the box");
}
