/* The vectors of FIPS 180-4, and pieces that cross the borders of a block. */
#include "base/hash.h"

#include <check.h>
#include <string.h>

TCase *hash_test(void);

static void expect_sum(const char *text, const char *wanted)
{
	char hex[HASH_HEX_BYTES];
	hash_bytes_hex(text, strlen(text), hex);
	ck_assert_str_eq(hex, wanted);
}

START_TEST(the_sums_are_those_of_the_standard)
{
	expect_sum("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	expect_sum("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	expect_sum("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		   "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	expect_sum("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
		   "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
		   "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
}
END_TEST

START_TEST(a_million_letters)
{
	struct hash hash;
	hash_init(&hash);
	for (int i = 0; i < 1000000; i++)
		hash_update(&hash, "a", 1);
	char hex[HASH_HEX_BYTES];
	hash_final_hex(&hash, hex);
	ck_assert_str_eq(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
END_TEST

START_TEST(pieces_give_the_sum_of_the_whole)
{
	char text[200];
	memset(text, 'q', sizeof text);
	char whole[HASH_HEX_BYTES];
	hash_bytes_hex(text, sizeof text, whole);
	for (size_t cut = 0; cut <= sizeof text; cut++) {
		struct hash hash;
		hash_init(&hash);
		hash_update(&hash, text, cut);
		hash_update(&hash, text + cut, sizeof text - cut);
		char pieces[HASH_HEX_BYTES];
		hash_final_hex(&hash, pieces);
		ck_assert_str_eq(pieces, whole);
	}
}
END_TEST

TCase *hash_test(void)
{
	TCase *tests = tcase_create("base/hash");
	tcase_add_test(tests, the_sums_are_those_of_the_standard);
	tcase_add_test(tests, a_million_letters);
	tcase_add_test(tests, pieces_give_the_sum_of_the_whole);
	return tests;
}
