/* Denied calls without end, from four processes, to keep the supervisor busy.
 *
 * Row: R37
 * Base: box lab1 --cpu=2 --wall=60000
 * By: a denied call costs the caller's CPU time; each job has its own listener
 * Expect: status cpu_limit */
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	(void)signal(SIGXCPU, SIG_IGN);
	(void)fork();
	(void)fork();
	for (;;)
		(void)socket(AF_NETLINK, SOCK_RAW, 0);
}
