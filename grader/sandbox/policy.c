/* Names of policies and profiles, and the generated filters by number. */
#include "sandbox/policy.h"

#include <string.h>

#include "sandbox/policy_calls.h"
#include "sandbox/policy_table.h"

static const char *const policies[BOX_POLICY_COUNT] = {
	[BOX_POLICY_COMPILE] = "compile",   [BOX_POLICY_TOOL] = "tool",
	[BOX_POLICY_EXAMINER] = "examiner", [BOX_POLICY_LAB1] = "lab1",
	[BOX_POLICY_LAB2] = "lab2",         [BOX_POLICY_LAB3] = "lab3",
	[BOX_POLICY_LAB4] = "lab4",         [BOX_POLICY_LAB5] = "lab5",
	[BOX_POLICY_LAB6] = "lab6",
};

static const char *const profiles[BOX_PROFILE_COUNT] = {
	[BOX_PROFILE_PLAIN] = "plain", [BOX_PROFILE_TSAN] = "tsan",
	[BOX_PROFILE_ASAN] = "asan",   [BOX_PROFILE_VALGRIND] = "valgrind",
	[BOX_PROFILE_CHECK] = "check",
};

static int find(const char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

int box_policy_find(const char *name)
{
	return find(policies, BOX_POLICY_COUNT, name);
}

int box_profile_find(const char *name)
{
	return find(profiles, BOX_PROFILE_COUNT, name);
}

const char *box_policy_name(enum box_policy policy)
{
	return policies[policy];
}

const char *box_profile_name(enum box_profile profile)
{
	return profiles[profile];
}

const struct policy_filter *policy_filter(int policy, int profile)
{
	return &policy_table[policy][profile];
}

bool policy_has_rings(enum box_policy policy)
{
	return policy_sources[policy].rings;
}

bool policy_has_sockets(enum box_policy policy)
{
	return policy_sources[policy].sockets;
}

bool policy_is_never(int call)
{
	for (const int *never = policy_never; *never != POLICY_END; never++)
		if (*never == call)
			return true;
	return false;
}
