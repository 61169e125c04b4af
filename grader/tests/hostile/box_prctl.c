/* Changes what measures it: its clock, its memory map, its death signal, others' limits, its
 * priority.
 *
 * Row: R23
 * Base: box lab1
 * By: an allow-list of prctl, limits of own process only
 * Expect: contained */
#include "attack.h"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

int main(void)
{
	struct sched_param fifo = { .sched_priority = 1 };
	attempt("no clock of the processor", prctl(PR_SET_TSC, PR_TSC_SIGSEGV, 0, 0, 0));
	attempt("a new program break", prctl(PR_SET_MM, PR_SET_MM_ARG_START, environ[0], 0, 0));
	attempt("no death with the parent", prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
	attempt("timer slack", prctl(PR_SET_TIMERSLACK, 1000000000l, 0, 0, 0));
	attempt("speculation",
		prctl(PR_SET_SPECULATION_CTRL, PR_SPEC_STORE_BYPASS, PR_SPEC_DISABLE, 0, 0));
	attempt("transparent huge pages", prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
	attempt("real-time priority", sched_setscheduler(0, SCHED_FIFO, &fifo));
	attempt("niceness", setpriority(PRIO_PROCESS, 0, -5));
	attempt("a core of its choice", syscall(SYS_sched_setaffinity, 0, 8, "\1\0\0\0\0\0\0"));
	struct rlimit core = { 1 << 30, 1 << 30 };
	attempt("limits of its parent", prlimit(getppid(), RLIMIT_CORE, &core, NULL));
	return done("EPERM");
}
