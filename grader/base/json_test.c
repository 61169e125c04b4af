/* The reader refuses what other readers would disagree on; the writer gives the bytes that were
 * typed. */
#include "base/json.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

TCase *json_test(void);

START_TEST(ambiguous_json_is_refused)
{
	static const char *const bad[] = {
		"{\"a\":1,\"a\":2}",
		"[1e999]",
		"[\"\\u0000\"]",
		"[1,]",
		"[\"\xff\"]",
		"[NaN]",
		"[99999999999999999999]",
		"{} {}",
		"",
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char *why = NULL;
		json_t *value = json_read_bytes(bad[i], strlen(bad[i]), &why);
		ck_assert_msg(value == NULL, "accepted: %s", bad[i]);
		ck_assert_ptr_nonnull(why);
		free(why);
	}
}
END_TEST

START_TEST(numbers_and_order_are_kept)
{
	static const char typed[] =
		"{\n \"z\": 12.14,\n \"a\": 0.05,\n \"m\": 82.9,\n \"i\": 3\n}\n";
	json_t *value = json_read_bytes(typed, strlen(typed), NULL);
	ck_assert_ptr_nonnull(value);
	char *text = json_text(value);
	ck_assert_str_eq(text, typed);
	free(text);
	json_decref(value);
}
END_TEST

START_TEST(whole_points_are_integers)
{
	json_t *whole = json_points(400);
	json_t *half = json_points(150);
	ck_assert(json_is_integer(whole) && json_integer_value(whole) == 4);
	ck_assert(json_is_real(half));
	json_decref(whole);
	json_decref(half);
}
END_TEST

TCase *json_test(void)
{
	TCase *tests = tcase_create("base/json");
	tcase_add_test(tests, ambiguous_json_is_refused);
	tcase_add_test(tests, numbers_and_order_are_kept);
	tcase_add_test(tests, whole_points_are_integers);
	return tests;
}
