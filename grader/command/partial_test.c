/* A grade while tests are still to come counts what has passed, and no more. */
#include "command/partial.h"

#include <check.h>

#include "base/json.h"
#include "report/grade.h"

TCase *partial_test(void);

static json_t *make_lab(void)
{
	return json_make("{s:s, s:s, s:[{s:s, s:s, s:b, s:s, s:i, s:s}, {s:s, s:s, s:b, s:s, s:i, "
			 "s:s}, {s:s, s:s, s:b, s:s, s:i, s:s}]}",
			 "lab", "9-x", "number", "9", "tests", "id", "L9.A.1", "part", "A", "gate",
			 1, "title", "a", "points", 600, "detector", "EXP", "id", "L9.A.2", "part",
			 "A", "gate", 0, "title", "b", "points", 250, "detector", "EXP", "id",
			 "L9.B.1", "part", "B", "gate", 1, "title", "c", "points", 400, "detector",
			 "EXP");
}

static json_t *partial_of(const json_t *verdicts)
{
	const struct words none = { 0 };
	const struct grade_head head = {
		.lab = "9-x", .isolation = "full", .seed = "0", .submission = "0", .notes = &none
	};
	json_t *lab = make_lab();
	json_t *grade = partial_grade(&head, lab, verdicts);
	json_decref(lab);
	return grade;
}

START_TEST(before_the_first_test_there_are_no_points)
{
	json_t *grade = partial_of(NULL);
	ck_assert_int_eq(json_integer_value(json_object_get(grade, "score")), 0);
	ck_assert_double_eq(json_number_value(json_object_get(grade, "max")), 12.5);
	ck_assert(json_is_false(json_object_get(grade, "complete")));
	ck_assert_uint_eq(json_array_size(json_object_get(grade, "tests")), 3);
	json_decref(grade);
}
END_TEST

START_TEST(what_passed_counts_and_a_place_that_is_an_address_is_left_out)
{
	json_t *verdicts = json_make("{s:{s:s, s:s, s:{}}, s:{s:s, s:s, s:{}, s:{s:s, s:[{s:s}]}}}",
				     "L9.A.1", "status", "pass", "detector", "EXP", "evidence",
				     "L9.A.2", "status", "fail", "detector", "EXP", "evidence",
				     "finding", "id", "data-race", "where", "role", "r");
	json_t *grade = partial_of(verdicts);
	const json_t *failed = json_array_get(json_object_get(grade, "tests"), 1);
	const json_t *finding = json_object_get(failed, "finding");
	ck_assert_int_eq(json_integer_value(json_object_get(grade, "score")), 6);
	ck_assert_str_eq(json_text_of(finding, "id", ""), "data-race");
	ck_assert_ptr_null(json_object_get(finding, "where"));
	/* The verdict itself is what the grade will be made of. */
	finding = json_object_get(json_object_get(verdicts, "L9.A.2"), "finding");
	ck_assert_ptr_nonnull(json_object_get(finding, "where"));
	json_decref(grade);
	json_decref(verdicts);
}
END_TEST

TCase *partial_test(void)
{
	TCase *tests = tcase_create("partial");
	tcase_add_test(tests, before_the_first_test_there_are_no_points);
	tcase_add_test(tests, what_passed_counts_and_a_place_that_is_an_address_is_left_out);
	return tests;
}
