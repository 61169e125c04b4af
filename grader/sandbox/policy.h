/* sandbox/policy.h - the system-call filters, ready to load. They are generated when the project is
 * built (policy_gen.c) from the tables of policy_calls.c, so that no box needs a library or half a
 * millisecond to make its own. Source: seccomp(2). */
#ifndef GRADER_POLICY_H
#define GRADER_POLICY_H
#include <linux/filter.h>
#include <stdbool.h>

#include "sandbox/box.h"

/* The descriptor number through which, and only through which, a box executes its program. Policies
 * without exec allow execveat on this number alone; RLIMIT_NOFILE is far below it from then on, so
 * no submission can ever have it. */
enum { POLICY_EXEC_FD = 1000 };

/* One filter. `program.filter` is NULL if the policy does not know the profile. */
struct policy_filter {
	struct sock_fprog program;
	const char *sha256; /* of its instructions, hex */
};

/* Borrowed for the life of the process. [MT-Safe, AS-Safe] */
const struct policy_filter *policy_filter(int policy, int profile);

/* Whether its io_uring_setup is brokered, and whether it may make stream sockets. [MT-Safe] */
bool policy_has_rings(enum box_policy policy);
bool policy_has_sockets(enum box_policy policy);

/* Calls that nobody makes by accident: they end the box. [MT-Safe] */
bool policy_is_never(int call);

#endif
