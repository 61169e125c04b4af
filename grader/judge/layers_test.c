/* The rule by which layers combine: each way of agreeing and of disagreeing, and that advice
 * changes nothing of what it is given. */
#include "judge/layers.h"

#include <check.h>
#include <string.h>

#include "base/json.h"
#include "judge/verdict.h"

TCase *layers_test(void);

static json_t *tests_with(const char *first, const char *second)
{
	return json_make("[{s:s, s:s, s:s, s:s, s:i}, {s:s, s:s, s:s, s:s, s:i}, "
			 "{s:s, s:s, s:s, s:s, s:i}]",
			 "id", "L3.B.1", "part", "B", "detector", "EXP", "status", first, "points",
			 500, "id", "L3.B.3", "part", "B", "detector", "HB", "status", second,
			 "points", 400, "id", "L3.A.4", "part", "A", "detector", "SAN", "status",
			 "fail", "points", 0);
}

/* One job beside two explored tests of its part; -1: no word on agreement. */
static void expect(const char *first, const char *second, const char *saw, const char *decided,
		   int agree, const char *words)
{
	json_t *tests = tests_with(first, second);
	json_t *before = json_deep_copy(tests);
	json_t *seen = json_make("[{s:s, s:s, s:s, s:s, s:s, s:s}]", "part", "B", "about",
				 "bq_push", "detector", "tsan", "saw", saw, "what",
				 "data race in bq_push", "doubt", "it knows no fences");
	json_t *rows = layers_compare(tests, seen);
	const json_t *row = json_array_get(rows, 0);
	ck_assert_uint_eq(json_array_size(rows), 1);
	ck_assert_str_eq(json_text_of(row, "decided", "?"), decided);
	const json_t *said = json_object_get(row, "agree");
	ck_assert_int_eq(said == NULL ? -1 : json_is_true(said), agree);
	if (words == NULL)
		ck_assert_ptr_null(json_object_get(row, "note"));
	else
		ck_assert_msg(strstr(json_text_of(row, "note", ""), words) != NULL, "note: %s",
			      json_text_of(row, "note", "none"));
	ck_assert_msg(json_equal(tests, before), "advice changed a verdict");
	json_decref(rows);
	json_decref(seen);
	json_decref(before);
	json_decref(tests);
}

START_TEST(agreement_is_said)
{
	expect("pass", "pass", "nothing", "clean", 1, NULL);
	expect("pass", "fail", "report", "failed", 1, "repair its finding first");
	expect("fail", "infra", "crash", "failed", 1, "repair its finding first");
}
END_TEST

START_TEST(disagreement_is_shown_and_costs_nothing)
{
	expect("pass", "pass", "report", "clean", 0, "It costs no points");
	expect("pass", "pass", "crash", "clean", 0, "can be wrong");
	expect("pass", "pass", "report", "clean", 0, "can be wrong: it knows no fences. Look");
	expect("fail", "pass", "nothing", "failed", 0, "meets few schedules");
}
END_TEST

START_TEST(nobody_agrees_with_what_is_open)
{
	expect("pass", "blocked", "report", "open", -1, "has not yet judged");
	expect("infra", "infra", "nothing", "open", -1, NULL);
}
END_TEST

START_TEST(who_has_no_opinion_neither_agrees_nor_disagrees)
{
	static const char *const none[] = { "hang", "error", "tampered" };
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		expect("pass", "pass", none[i], "clean", -1, "That is no opinion");
		expect("fail", "pass", none[i], "failed", -1, "That is no opinion");
		expect("infra", "pass", none[i], "open", -1, "That is no opinion");
	}
}
END_TEST

/* A report in part C of the function that the explorer failed in part B. */
START_TEST(the_same_cause_elsewhere_is_no_disagreement)
{
	json_t *tests = json_make(
		"[{s:s, s:s, s:s, s:s}, {s:s, s:s, s:s, s:s, s:{s:[{s:s, s:s, s:i}]}}]", "id",
		"L3.C.1", "part", "C", "detector", "EXP", "status", "pass", "id", "L3.B.3", "part",
		"B", "detector", "HB", "status", "fail", "finding", "where", "file", "bqueue.c",
		"function", "bq_size", "line", 7);
	static const char *const functions[] = { "bq_size", "bq_push" };
	for (size_t i = 0; i < 2; i++) {
		json_t *seen = json_make("[{s:s, s:s, s:s, s:s, s:[{s:s, s:s}]}]", "part", "C",
					 "detector", "tsan", "saw", "report", "what", "data race",
					 "where", "file", "bqueue.c", "function", functions[i]);
		json_t *rows = layers_compare(tests, seen);
		const json_t *row = json_array_get(rows, 0);
		ck_assert_str_eq(json_text_of(row, "witness", "none"), i == 0 ? "L3.B.3" : "none");
		ck_assert_int_eq(json_is_true(json_object_get(row, "agree")), i == 0);
		ck_assert_ptr_nonnull(strstr(json_text_of(row, "note", ""),
					     i == 0 ? "there, too, in L3.B.3" : "no error there"));
		json_decref(rows);
		json_decref(seen);
	}
	json_decref(tests);
}
END_TEST

START_TEST(only_stress_and_habits_advise)
{
	static const char *const deciding[] = { "BUILD", "POL",  "SAN",  "EXP",   "HB",  "VT",
						"HANG",  "FI",   "HEAP", "RES",   "CNT", "HOLD",
						"STEP",  "WIRE", "SIG",  "MODEL", "NEW" };
	for (size_t i = 0; i < sizeof deciding / sizeof deciding[0]; i++)
		ck_assert_msg(layer_decides(deciding[i]), "%s only advises", deciding[i]);
	ck_assert(!layer_decides("STRESS"));
	ck_assert(!layer_decides("HABIT"));
	ck_assert_str_eq(layer_name("HB"), layer_name("EXP"));
	ck_assert_str_eq(layer_name("NEW"), "another detector");
	ck_assert_str_eq(layer_name("H"), "another detector");
}
END_TEST

/* The same by the judge itself: a job of an advising layer neither fails nor passes a test. */
START_TEST(advice_decides_no_test)
{
	json_t *test = json_make("{s:s, s:s}", "id", "L3.B.1", "detector", "EXP");
	json_t *pass = json_make("{s:s, s:s, s:{}}", "status", "pass", "detector", "EXP",
				 "evidence");
	json_t *report = json_make("{s:s, s:s, s:{s:s}}", "status", "fail", "detector", "STRESS",
				   "finding", "id", "data-race");
	json_t *silence = json_make("{s:s, s:s, s:{}}", "status", "pass", "detector", "STRESS",
				    "evidence");
	json_t *both = verdict_of_test(test, (json_t *const[]){ report, pass }, 2);
	json_t *alone = verdict_of_test(test, (json_t *const[]){ silence }, 1);
	ck_assert_str_eq(json_text_of(both, "status", "?"), "pass");
	ck_assert_str_eq(json_text_of(both, "detector", "?"), "EXP");
	ck_assert_str_eq(json_text_of(alone, "status", "?"), "infra");
	json_decref(alone);
	json_decref(both);
	json_decref(silence);
	json_decref(report);
	json_decref(pass);
	json_decref(test);
}
END_TEST

TCase *layers_test(void)
{
	TCase *tests = tcase_create("layers");
	tcase_add_test(tests, agreement_is_said);
	tcase_add_test(tests, disagreement_is_shown_and_costs_nothing);
	tcase_add_test(tests, nobody_agrees_with_what_is_open);
	tcase_add_test(tests, who_has_no_opinion_neither_agrees_nor_disagrees);
	tcase_add_test(tests, the_same_cause_elsewhere_is_no_disagreement);
	tcase_add_test(tests, only_stress_and_habits_advise);
	tcase_add_test(tests, advice_decides_no_test);
	return tests;
}
