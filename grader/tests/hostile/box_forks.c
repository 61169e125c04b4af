/* Forks until it is refused: a thousand processes are a bomb.
 *
 * Row: R1
 * Base: box lab1 --tasks=40
 * By: pids limit of the cgroup
 * Expect: contained */
#include "attack.h"

#include <unistd.h>

int main(void)
{
	int count = 0;
	for (; count < 1000; count++) {
		pid_t pid = fork();
		if (pid < 0)
			break;
		if (pid == 0)
			for (;;)
				(void)pause();
	}
	if (count >= 150)
		harm("%d processes that live on", count);
	return done("fork is refused");
}
