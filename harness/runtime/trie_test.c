#include "runtime/trie.h"

#include <check.h>

TCase *trie_test(void);

static struct trie trie;

START_TEST(equal_chains_share_a_number)
{
	const uint32_t a = trie_child(&trie, 0, 17), b = trie_child(&trie, a, 18);

	ck_assert_uint_ne(a, 0);
	ck_assert_uint_ne(a, b);
	ck_assert_uint_eq(trie_child(&trie, 0, 17), a);
	ck_assert_uint_eq(trie_child(&trie, a, 18), b);
	ck_assert_uint_ne(trie_child(&trie, 0, 18), b); /* another parent */
	ck_assert_uint_eq(trie_child(&trie, a, 18), b);
	ck_assert_uint_eq(trie.node[b].parent, a);
	ck_assert_uint_eq(trie.node[b].key, 18);
}
END_TEST

START_TEST(a_full_tree_cuts_chains_and_a_trimmed_one_is_empty)
{
	uint32_t at = 0, deepest = 0;

	for (uint64_t key = 1; key < (uint64_t)2 * TRIE_NODES; key++) {
		deepest = at;
		at = trie_child(&trie, at, key);
	}
	ck_assert_uint_eq(at, deepest);
	ck_assert_uint_lt(trie.count, TRIE_NODES);
	ck_assert_uint_eq(trie_child(&trie, 0, 1), 1); /* what was there is found still */
	trie_trim(&trie);
	ck_assert_uint_eq(trie.count, 0);
	ck_assert_uint_eq(trie_child(&trie, 0, 99), 1);
	trie_trim(&trie); /* not half full: kept */
	ck_assert_uint_eq(trie.count, 1);
}
END_TEST

TCase *trie_test(void)
{
	TCase *tc = tcase_create("trie");

	tcase_add_test(tc, equal_chains_share_a_number);
	tcase_add_test(tc, a_full_tree_cuts_chains_and_a_trimmed_one_is_empty);
	return tc;
}
