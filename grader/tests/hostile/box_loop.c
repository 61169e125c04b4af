/* Computes in four processes, each of which stays below a limit of its own.
 *
 * Row: R6
 * Base: box lab1 --cpu=1 --wall=20000
 * By: CPU time of the cgroup, RLIMIT_CPU
 * Expect: status cpu_limit, signalled */
#include <signal.h>
#include <unistd.h>

int main(void)
{
	(void)signal(SIGXCPU, SIG_IGN);
	(void)fork();
	(void)fork();
	for (volatile unsigned long i = 0;; i++)
		continue;
}
