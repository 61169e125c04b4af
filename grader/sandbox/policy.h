/* sandbox/policy.h - system-call filters: default deny, one readable table per kind of box.
 * Source: seccomp(2), libseccomp; the lists are those that `strace -f` of each kind of program
 * gave, and lab contracts. */
#ifndef GRADER_POLICY_H
#define GRADER_POLICY_H
#include <linux/filter.h>

#include "sandbox/box.h"

/* The descriptor number through which, and only through which, a box executes its program. Policies
 * without exec allow execveat on this number alone; RLIMIT_NOFILE is far below it from then on, so
 * no submission can ever have it. */
enum { POLICY_EXEC_FD = 1000 };

/* Our own PID 1, after it has started the program. */
enum { POLICY_INIT = BOX_POLICY_COUNT, POLICY_COUNT };

/* Builds all filters once per process; must be called before the first policy_filter. Dies if
 * libseccomp fails. [MT-Confined] */
void policy_prepare(void);

/* The compiled filter, borrowed for the life of the process. [AS-Safe] */
const struct sock_fprog *policy_filter(int policy);

#endif
