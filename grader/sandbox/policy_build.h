/* sandbox/policy_build.h - makes filters with libseccomp. Runs when the project is built
 * (policy_gen.c) and in the test that compares; build/grade only loads what came out. */
#ifndef GRADER_POLICY_BUILD_H
#define GRADER_POLICY_BUILD_H
#include <linux/filter.h>
#include <stdbool.h>

/* Whether a filter is made for this pair. [MT-Safe] */
bool policy_exists(int policy, int profile);

/* Compiles one filter. program->filter is returned (free). Dies if libseccomp fails. [MT-Safe] */
void policy_build(int policy, int profile, struct sock_fprog *program);

#endif
