/* sandbox/policy_calls.h - the one readable source of the filters: which calls each policy allows.
 * What depends on arguments is policy_build.c's. */
#ifndef GRADER_POLICY_CALLS_H
#define GRADER_POLICY_CALLS_H
#include <stdbool.h>

#include "sandbox/policy.h"

enum {
	POLICY_LISTS = 4,      /* at most so many lists make up a policy; NULL fills the rest */
	POLICY_END = -1000000, /* ends a list: no call has this number                        */
};

struct policy_source {
	const int *lists[POLICY_LISTS]; /* allowed whatever their arguments             */
	bool sockets;                   /* stream sockets of INET, INET6 and UNIX       */
	bool children;                  /* clone without CLONE_THREAD                   */
	bool exec;                      /* execve: what it may execute is Landlock's    */
	bool locks;                     /* fcntl locks                                  */
	bool rings;                     /* io_uring, brokered                           */
	bool writable_code;             /* memory both writable and executable          */
};

extern const struct policy_source policy_sources[BOX_POLICY_COUNT];

/* What a profile adds; `allowed` ends with POLICY_END, or is NULL. */
struct profile_source {
	const int *allowed;
	bool children, exec, writable_code;
};
extern const struct profile_source profile_sources[BOX_PROFILE_COUNT];

/* These end the box, in every policy. */
extern const int policy_never[];

#endif
