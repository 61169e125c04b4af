/* What no form may tell, and what a form of an unfinished grading tells; that each is what it shall
 * be is read by parsers of others, in tests/formats.sh. */
#include "report/forms.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/json.h"
#include "report/form.h"
#include "report/junit.h"

TCase *forms_test(void);

static json_t *grade_with(const char *tests, int score, int complete)
{
	char *why = NULL;
	json_t *list = json_read_bytes(tests, strlen(tests), &why);
	ck_assert_msg(list != NULL, "%s", why);
	return json_make("{s:s, s:o, s:i, s:b, s:s, s:s, s:o}", "lab", "3-work-queue", "score",
			 score < 0 ? json_null() : json_integer(score), "max", 7, "complete",
			 complete, "isolation", "full", "seed", "0", "tests", list);
}

/* All forms behind each other. Returned. */
static char *all_forms(const json_t *grade)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	ck_assert_ptr_nonnull(out);
	(void)report_gradescope(out, grade, NULL);
	report_autolab(out, grade, false);
	report_classroom(out, grade);
	report_classroom_summary(out, grade);
	report_junit(out, grade, NULL);
	report_tap(out, grade, 13);
	report_tap(out, grade, 14);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

#define FAILED                                                                           \
	"{\"id\":\"L3.B.2\",\"part\":\"B\",\"gate\":false,\"title\":\"t\",\"points\":0," \
	"\"max\":7,\"status\":\"fail\",\"detector\":\"EXP\",\"replay\":\"SECRET\","      \
	"\"finding\":{\"id\":\"SECRET\",\"what\":\"SECRET\",\"why\":\"SECRET\","         \
	"\"next\":\"SECRET\",\"where\":[{\"file\":\"SECRET\",\"line\":3}]}"

START_TEST(a_hidden_test_tells_nothing_but_that_it_failed)
{
	json_t *grade = grade_with("[" FAILED ",\"hidden\":true}]", 0, 1);
	char *text = all_forms(grade);
	ck_assert_ptr_null(strstr(text, "SECRET"));
	ck_assert_ptr_nonnull(strstr(text, "\"visibility\": \"hidden\""));
	free(text);
	json_decref(grade);
	grade = grade_with("[" FAILED "}]", 0, 1);
	text = all_forms(grade);
	ck_assert_ptr_nonnull(strstr(text, "SECRET"));
	free(text);
	json_decref(grade);
}
END_TEST

START_TEST(a_hidden_test_is_told_of_in_no_message_in_base64)
{
	json_t *grade = grade_with("[" FAILED ",\"hidden\":true}]", 0, 1);
	json_t *open = grade_with("[{\"id\":\"L3.B.2\",\"part\":\"B\",\"gate\":false,\"title\":"
				  "\"t\",\"points\":0,\"max\":7,\"status\":\"fail\"}]",
				  0, 1);
	char *texts[2] = { NULL, NULL };
	const json_t *const grades[] = { grade, open };
	for (size_t i = 0; i < 2; i++) {
		size_t length = 0;
		FILE *out = open_memstream(&texts[i], &length);
		ck_assert_ptr_nonnull(out);
		report_classroom_result(out, grades[i], NULL);
		ck_assert_int_eq(fclose(out), 0);
	}
	ck_assert_str_eq(texts[0], texts[1]);
	free(texts[0]);
	free(texts[1]);
	json_decref(grade);
	json_decref(open);
}
END_TEST

START_TEST(an_unfinished_grading_says_so_and_has_the_points_so_far)
{
	json_t *grade = grade_with("[{\"id\":\"L3.A.1\",\"part\":\"A\",\"title\":\"t\",\"points\":"
				   "0,\"max\":7,\"status\":\"infra\",\"detector\":\"?\","
				   "\"reason\":\"the test was not run\"}]",
				   0, 0);
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	ck_assert_ptr_nonnull(out);
	ck_assert(report_gradescope(out, grade, NULL));
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_ptr_nonnull(strstr(text, "\"output\": \"Not finished.\""));
	ck_assert_ptr_nonnull(strstr(text, "0 of 7 points so far"));
	ck_assert_ptr_nonnull(strstr(text, "The grading has not finished."));
	free(text);
	json_decref(grade);
}
END_TEST

START_TEST(an_unknown_status_is_no_pass)
{
	json_t *test = json_make("{s:s}", "status", "passed");
	ck_assert_int_eq(form_status(test), FORM_INFRA);
	json_decref(test);
	ck_assert_int_eq(form_status(NULL), FORM_INFRA);
}
END_TEST

START_TEST(points_that_are_no_number_are_none)
{
	json_t *odd = json_make("{s:f, s:s}", "large", 1e300, "text", "9000");
	ck_assert_int_eq(form_hundredths(odd, "large"), 0);
	ck_assert_int_eq(form_hundredths(odd, "text"), 0);
	ck_assert_int_eq(form_hundredths(odd, "absent"), 0);
	json_decref(odd);
}
END_TEST

TCase *forms_test(void)
{
	TCase *tests = tcase_create("forms");
	tcase_add_test(tests, a_hidden_test_tells_nothing_but_that_it_failed);
	tcase_add_test(tests, a_hidden_test_is_told_of_in_no_message_in_base64);
	tcase_add_test(tests, an_unfinished_grading_says_so_and_has_the_points_so_far);
	tcase_add_test(tests, an_unknown_status_is_no_pass);
	tcase_add_test(tests, points_that_are_no_number_are_none);
	return tests;
}
