/* Sleeps for ever, deaf to every signal that can be blocked.
 *
 * Row: R5
 * Base: skeleton
 * By: the examiner sees that nothing can come any more
 * Expect: fail */
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

int net_listen(const char *addr, uint16_t port, int backlog)
{
	sigset_t all;
	(void)addr;
	(void)port;
	(void)backlog;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	for (;;)
		pause();
}
#define net_listen skeleton_net_listen
