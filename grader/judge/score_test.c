/* A lab of two parts, one with a gate, and every way its points can go. */
#include "judge/score.h"

#include <check.h>
#include <string.h>

#include "base/json.h"
#include "judge/verdict.h"

TCase *score_test(void);

static bool b1_after_a2; /* in the lab that is made next */

/* A.1 (gate, 4), A.2 (3.5), A.3 (2), B.1 (5), B.2 (1): 15.5 */
static json_t *make_lab(void)
{
	json_t *tests = json_array();
	static const struct {
		const char *id, *part;
		int gate, points;
	} rows[] = { { "L9.A.1", "A", 1, 400 },
		     { "L9.A.2", "A", 0, 350 },
		     { "L9.A.3", "A", 0, 200 },
		     { "L9.B.1", "B", 0, 500 },
		     { "L9.B.2", "B", 0, 100 } };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		(void)json_array_append_new(
			tests, json_make("{s:s, s:s, s:b, s:i, s:s, s:s}", "id", rows[i].id, "part",
					 rows[i].part, "gate", rows[i].gate, "points",
					 rows[i].points, "detector", "FI", "title", "t"));
	if (b1_after_a2)
		json_put(json_array_get(tests, 3), "after", json_make("[s]", "L9.A.2"));
	return json_make("{s:s, s:o}", "lab", "9-test", "tests", tests);
}

/* One letter per test: p pass, f fail, s skipped, i infra, - no verdict. */
static json_t *score(const char *letters, long *points, long *max)
{
	json_t *lab = make_lab();
	json_t *verdicts = json_object();
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(lab, "tests"), i, test)
	{
		const char *status = letters[i] == 'p'   ? "pass"
				     : letters[i] == 's' ? "skipped"
				     : letters[i] == 'i' ? "infra"
							 : "fail";
		if (letters[i] == '-')
			continue;
		json_put(verdicts, json_text_of(test, "id", "?"),
			 json_make("{s:s, s:s, s:s, s:{}}", "status", status, "detector", "FI",
				   "reason", "r", "finding"));
	}
	json_t *rows = score_tests(lab, verdicts);
	score_total(rows, points, max);
	json_decref(verdicts);
	json_decref(lab);
	return rows;
}

static void expect(const char *letters, long wanted_points, long wanted_max)
{
	long points, max;
	json_t *rows = score(letters, &points, &max);
	ck_assert_msg(points == wanted_points && max == wanted_max,
		      "%s: %ld of %ld instead of %ld of %ld", letters, points, max, wanted_points,
		      wanted_max);
	json_decref(rows);
}

START_TEST(passes_are_summed_without_rounding)
{
	expect("ppppp", 1550, 1550);
	expect("pfppp", 1200, 1550);
	expect("pffff", 400, 1550);
}
END_TEST

START_TEST(a_failed_gate_blocks_its_part_and_no_other)
{
	expect("f--pp", 600, 1550);
	long points, max;
	json_t *rows = score("f--pp", &points, &max);
	json_t *row = json_array_get(rows, 1);
	ck_assert_str_eq(json_text_of(row, "status", "?"), "blocked");
	ck_assert_str_eq(json_text_of(row, "blocked_by", "?"), "L9.A.1");
	json_decref(rows);
}
END_TEST

static void expect_b1(const char *letters, const char *status, const char *blocker)
{
	long points, max;
	json_t *rows = score(letters, &points, &max);
	json_t *row = json_array_get(rows, 3);
	ck_assert_str_eq(json_text_of(row, "status", "?"), status);
	ck_assert_str_eq(json_text_of(row, "blocked_by", "-"), blocker);
	json_decref(rows);
}

/* It was run beside the other, and whatever came out is chance. */
START_TEST(judged_after_another_means_only_if_that_passed)
{
	b1_after_a2 = true;
	expect("ppppp", 1550, 1550);
	expect("pfppp", 700, 1550);
	expect("pfpfp", 700, 1550);
	expect("pfpip", 700, 1550);
	expect_b1("pppfp", "fail", "-");
	expect_b1("pfppp", "blocked", "L9.A.2");
	expect_b1("pfpip", "blocked", "L9.A.2");
	expect_b1("f--pp", "blocked", "L9.A.1");
	expect_b1("psppp", "pass", "-"); /* this machine cannot run it: it blocks nobody */
	b1_after_a2 = false;
	expect_b1("pfppp", "pass", "-");
}
END_TEST

START_TEST(no_result_is_no_grade)
{
	expect("pp-pp", -1, 1550);
	expect("ppppi", -1, 1550);
	expect("i--pp", -1, 1550);
	expect("-----", -1, 1550);
}
END_TEST

START_TEST(skipped_points_go_to_the_gate_then_the_part_then_the_lab)
{
	expect("psppp", 1550, 1550);
	expect("fs-pp", 600, 1550); /* the gate has them, and has failed */
	expect("pppsp", 1550, 1550);
	expect("pppsf", 950, 1550); /* B.2 has them, and has failed      */
	expect("pppss", 1550, 1550);
	expect("sssss", -1, 1550);
	long points, max;
	json_t *given = score("psppp", &points, &max);
	ck_assert_str_eq(json_text_of(json_array_get(given, 1), "given_to", "?"), "L9.A.1");
	json_decref(given);
	json_t *rows = score("pppsp", &points, &max);
	json_t *row = json_array_get(rows, 3);
	ck_assert_str_eq(json_text_of(row, "given_to", "?"), "L9.B.2");
	ck_assert_int_eq(json_integer_value(json_object_get(row, "given")), 500);
	json_decref(rows);
}
END_TEST

START_TEST(only_a_passed_gate_opens_its_part)
{
	json_t *lab = make_lab();
	json_t *gated = json_array_get(json_object_get(lab, "tests"), 1);
	json_t *gate = json_array_get(json_object_get(lab, "tests"), 0);
	json_t *verdicts = json_object();
	ck_assert(!score_is_open(lab, gated, verdicts));
	ck_assert(score_is_open(lab, gate, verdicts));
	json_put(verdicts, "L9.A.1", json_make("{s:s}", "status", "infra"));
	ck_assert(!score_is_open(lab, gated, verdicts));
	json_put(verdicts, "L9.A.1", json_make("{s:s}", "status", "fail"));
	ck_assert(!score_is_open(lab, gated, verdicts));
	json_put(verdicts, "L9.A.1", json_make("{s:s}", "status", "pass"));
	ck_assert(score_is_open(lab, gated, verdicts));
	json_decref(verdicts);
	json_decref(lab);
}
END_TEST

START_TEST(what_does_not_build_scores_zero)
{
	json_t *lab = make_lab();
	json_t *finding = json_make("{s:s, s:s}", "id", "compile-error", "detector", "BUILD");
	json_t *verdicts = score_unbuilt(lab, finding);
	json_t *rows = score_tests(lab, verdicts);
	long points, max;
	score_total(rows, &points, &max);
	ck_assert_int_eq(points, 0);
	static const char *const statuses[] = { "fail", "blocked", "blocked", "fail", "fail" };
	for (size_t i = 0; i < 5; i++)
		ck_assert_str_eq(json_text_of(json_array_get(rows, i), "status", "?"), statuses[i]);
	ck_assert_str_eq(json_text_of(json_array_get(rows, 0), "detector", "?"), "BUILD");
	json_decref(rows);
	json_decref(verdicts);
	json_decref(finding);
	json_decref(lab);
}
END_TEST

START_TEST(a_gate_with_points_behind_it_is_repaired_first)
{
	long points, max, waiting;
	json_t *rows = score("pfpff", &points, &max);
	ck_assert_str_eq(json_text_of(score_first_repair(rows, &waiting), "id", "?"), "L9.A.2");
	ck_assert_int_eq(waiting, 0);
	json_decref(rows);
	rows = score("f--fp", &points, &max);
	ck_assert_str_eq(json_text_of(score_first_repair(rows, &waiting), "id", "?"), "L9.A.1");
	ck_assert_int_eq(waiting, 550);
	json_decref(rows);
	rows = score("ppppp", &points, &max);
	ck_assert_ptr_null(score_first_repair(rows, &waiting));
	json_decref(rows);
}
END_TEST

TCase *score_test(void)
{
	TCase *tests = tcase_create("judge/score");
	tcase_add_test(tests, passes_are_summed_without_rounding);
	tcase_add_test(tests, a_failed_gate_blocks_its_part_and_no_other);
	tcase_add_test(tests, judged_after_another_means_only_if_that_passed);
	tcase_add_test(tests, no_result_is_no_grade);
	tcase_add_test(tests, skipped_points_go_to_the_gate_then_the_part_then_the_lab);
	tcase_add_test(tests, only_a_passed_gate_opens_its_part);
	tcase_add_test(tests, what_does_not_build_scores_zero);
	tcase_add_test(tests, a_gate_with_points_behind_it_is_repaired_first);
	return tests;
}
