/* The filters that are loaded are those that the tables say. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "sandbox/policy.h"
#include "sandbox/policy_build.h"

TCase *policy_test(void);

START_TEST(embedded_filter_is_a_fresh_one)
{
	const int policy = _i / BOX_PROFILE_COUNT, profile = _i % BOX_PROFILE_COUNT;
	const struct policy_filter *embedded = policy_filter(policy, profile);
	if (!policy_exists(policy, profile)) {
		ck_assert_ptr_null(embedded->program.filter);
		return;
	}
	struct sock_fprog fresh;
	char hex[HASH_HEX_BYTES];
	policy_build(policy, profile, &fresh);
	const size_t bytes = fresh.len * sizeof *fresh.filter;
	ck_assert_uint_eq(fresh.len, embedded->program.len);
	ck_assert_mem_eq(fresh.filter, embedded->program.filter, bytes);
	hash_bytes_hex(fresh.filter, bytes, hex);
	ck_assert_str_eq(hex, embedded->sha256);
	free(fresh.filter);
}
END_TEST

START_TEST(names_are_found_again)
{
	for (int i = 0; i < BOX_POLICY_COUNT; i++)
		ck_assert_int_eq(box_policy_find(box_policy_name((enum box_policy)i)), i);
	for (int i = 0; i < BOX_PROFILE_COUNT; i++)
		ck_assert_int_eq(box_profile_find(box_profile_name((enum box_profile)i)), i);
	ck_assert_int_eq(box_policy_find("lab7"), -1);
	ck_assert_int_eq(box_profile_find(""), -1);
}
END_TEST

TCase *policy_test(void)
{
	TCase *tcase = tcase_create("policy");
	tcase_add_loop_test(tcase, embedded_filter_is_a_fresh_one, 0,
			    BOX_POLICY_COUNT * BOX_PROFILE_COUNT);
	tcase_add_test(tcase, names_are_found_again);
	return tcase;
}
