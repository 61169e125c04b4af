/* sandbox/policy_calls.h - tables of system calls; how they become filters is policy.c's. */
#ifndef GRADER_POLICY_CALLS_H
#define GRADER_POLICY_CALLS_H
#include "sandbox/policy.h"

enum {
	POLICY_LISTS = 3,      /* at most so many lists make up a policy; NULL fills the rest */
	POLICY_END = -1000000, /* ends a list: no call has this number                        */
};

/* Allowed whatever their arguments. */
extern const int *const policy_calls[POLICY_COUNT][POLICY_LISTS];
/* These kill, in every policy. */
extern const int policy_never[];

#endif
