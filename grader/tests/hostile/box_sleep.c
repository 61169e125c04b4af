/* Sleeps for ever, deaf.
 *
 * Row: R5
 * Base: box lab1 --wall=500
 * By: wall limit of the box, held outside
 * Expect: status wall_limit */
#include <signal.h>
#include <unistd.h>

int main(void)
{
	sigset_t all;
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, NULL);
	for (;;)
		(void)pause();
}
