/* The set of visited states: growth, limit, clearing. */
#include "visited.h"

#include <check.h>

TCase *visited_test(void);

START_TEST(keeps_each_string_once)
{
	struct visited *v = visited_create(8, 100000);

	for (unsigned round = 0; round < 2; round++) {
		for (uint64_t i = 0; i < 5000; i++) {
			ck_assert(!visited_has(v, &i, sizeof(i)));
			ck_assert(visited_add(v, &i, sizeof(i)));
			ck_assert(!visited_add(v, &i, sizeof(i)));
		}
		for (uint64_t i = 0; i < 5000; i++)
			ck_assert(visited_has(v, &i, sizeof(i)));
		ck_assert_uint_eq(visited_count(v), 5000);
		ck_assert(visited_add(v, "\0\0\0", 4) && visited_add(v, "\0\0", 3));
		visited_clear(v);
		ck_assert_uint_eq(visited_count(v), 0);
	}
	visited_destroy(v);
	visited_destroy(NULL);
}
END_TEST

START_TEST(says_when_it_is_full)
{
	struct visited *v = visited_create(8, 10);

	for (uint64_t i = 0; i < 10; i++)
		ck_assert(visited_add(v, &i, sizeof(i)));
	ck_assert(!visited_full(v));
	ck_assert(!visited_add(v, "old", 4));
	ck_assert(visited_full(v) && !visited_has(v, "old", 4));
	visited_clear(v);
	ck_assert(!visited_full(v) && visited_add(v, "old", 4));
	visited_destroy(v);
}
END_TEST

TCase *visited_test(void)
{
	TCase *tc = tcase_create("visited");

	tcase_add_test(tc, keeps_each_string_once);
	tcase_add_test(tc, says_when_it_is_full);
	return tc;
}
