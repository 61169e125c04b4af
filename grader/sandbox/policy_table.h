/* sandbox/policy_table.h - between the generated filters and policy.c. */
#ifndef GRADER_POLICY_TABLE_H
#define GRADER_POLICY_TABLE_H
#include "sandbox/policy.h"

extern const struct policy_filter policy_table[BOX_POLICY_COUNT][BOX_PROFILE_COUNT];

#endif
