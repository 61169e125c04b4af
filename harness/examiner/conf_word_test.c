/* Words of a text, and texts that are none. */
#include "conf_word.h"

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"

TCase *conf_word_test(void);

static const struct {
	const char *text, *word;
} texts[] = {
	{ "[a]\nx = none\n", "none" },
	{ "[a]\nx=none", "none" },
	{ " \t[a] ; here\r\n \tx\t=  Thread_Local \r\n", "thread_local" },
	{ "[b]\nx = one\n[a]\ny = two\nx = three # 3\nx = four\n", "three" },
	{ "[a]\nx = abcdefghijklmnopqrstuvw\n", "abcdefghijklmnopqrstuvw" },
	{ "[a]\nx = abcdefghijklmnopqrstuvwx\n", "" },
	{ "[a]\nx =\n", "" },
	{ "[a]\nx = ; none\n", "" },
	{ "[a]\nx = two words\n", "" },
	{ "[a]\nx = 1\n", "" },
	{ "[a]\nxx = none\n", "" },
	{ "[a]\nx none\n", "" },
	{ "[a]\n; x = none\n", "" },
	{ "x = none\n", "" },
	{ "[aa]\nx = none\n", "" },
	{ "[a\nx = none\n", "" },
	{ "[a] b\nx = none\n", "" },
	{ "", "" },
	{ "\n\n[", "" },
};

/* In a block of its own size, so that a look behind its end is seen by the sanitizers. */
static bool word_of(const char *text, size_t length, char out[CONF_WORD])
{
	char *copy = malloc(length ? length : 1);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, length);
	const bool found = conf_word(copy, length, "a", "x", out);
	free(copy);
	return found;
}

START_TEST(finds_one_word_or_none)
{
	char out[CONF_WORD];

	ck_assert_int_eq(word_of(texts[_i].text, strlen(texts[_i].text), out),
			 *texts[_i].word != 0);
	ck_assert_str_eq(out, texts[_i].word);
}
END_TEST

START_TEST(takes_any_bytes)
{
	static const char bytes[] = "[a]x= \n\r\t;#_Z\0\xff";
	struct rng rng = { .state = 5 };
	unsigned found = 0;

	for (unsigned round = 0; round < 100000; round++) {
		char text[24], out[CONF_WORD];
		const size_t length = rng_below(&rng, sizeof(text) + 1);
		static const char begin[] = { '[', 'a', ']', '\n', 'x', '=' };
		memcpy(text, begin, sizeof(begin));
		for (size_t i = rng_below(&rng, 2) ? 6 : 0; i < length; i++)
			text[i] = bytes[rng_below(&rng, sizeof(bytes) - 1)];
		found += word_of(text, length, out);
		ck_assert_uint_le(strlen(out), CONF_WORD - 1);
	}
	ck_assert_uint_gt(found, 100);
}
END_TEST

TCase *conf_word_test(void)
{
	TCase *tests = tcase_create("conf_word");

	tcase_add_loop_test(tests, finds_one_word_or_none, 0, sizeof(texts) / sizeof(texts[0]));
	tcase_add_test(tests, takes_any_bytes);
	return tests;
}
