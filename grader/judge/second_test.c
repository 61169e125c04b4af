/* What each way of ending amounts to; above all, when silence counts. */
#include "judge/second.h"

#include <check.h>
#include <stdbool.h>
#include <string.h>

#include "base/json.h"

TCase *second_test(void);

static json_t *report(const char *function, const char *file, int line)
{
	return json_make("{s:s, s:[[{s:s, s:s, s:i}]]}", "kind", "data race", "stacks", "function",
			 function, "file", file, "line", line);
}

/* With the planted race, unless it is silenced, and one of `function`, if there is one. */
static json_t *run_of(const char *ended, int code, bool whole, bool silenced, const char *function,
		      const char *file)
{
	json_t *reports = json_array();
	if (function != NULL)
		(void)json_array_append_new(reports, report(function, file, 7));
	if (!silenced)
		(void)json_array_append_new(reports, report("stress_planted_race", "stress.c", 50));
	return json_make("{s:s, s:i, s:b, s:o}", "ended", ended, "code", code, "whole", (int)whole,
			 "reports", reports);
}

/* The run is given. */
static void expect(json_t *run, const char *saw, const char *what)
{
	json_t *files = json_make("[s, s]", "bqueue.c", "csem.c");
	json_t *seen = second_judge(run, files);
	ck_assert_str_eq(json_text_of(seen, "saw", "?"), saw);
	ck_assert_msg(strstr(json_text_of(seen, "what", ""), what) != NULL, "what: %s",
		      json_text_of(seen, "what", "none"));
	ck_assert_int_eq(json_object_get(seen, "what") == NULL, strcmp(saw, "nothing") == 0);
	json_decref(seen);
	json_decref(files);
	json_decref(run);
}

START_TEST(silence_counts_only_beside_the_planted_error)
{
	expect(run_of("exited", 66, true, false, NULL, NULL), "nothing", "");
	expect(run_of("exited", 0, true, true, NULL, NULL), "tampered", "not reported");
	expect(run_of("exited", 66, true, true, NULL, NULL), "tampered", "not reported");
	expect(run_of("exited", 66, true, true, "bq_push", "bqueue.c"), "tampered", "ended too");
}
END_TEST

START_TEST(a_log_that_is_not_the_detectors_is_said)
{
	expect(run_of("exited", 66, false, false, "bq_push", "bqueue.c"), "tampered", "its log");
	expect(run_of("exited", 0, true, false, "bq_push", "bqueue.c"), "tampered", "its log");
	expect(run_of("exited", 0, true, false, NULL, NULL), "tampered", "its log");
}
END_TEST

START_TEST(a_report_names_lines_of_the_submission)
{
	expect(run_of("exited", 66, true, false, "bq_push", "bqueue.c"), "report",
	       "data race, in bq_push (bqueue.c:7)");
	expect(run_of("exited", 66, true, false, "main", "/etc/passwd"), "report",
	       "data race, at no line of yours");
	expect(run_of("exited", 66, true, false, "a\033]0;b", "csem.c"), "report",
	       "in a function (csem.c:7)");
	/* An error of theirs by the name of ours is theirs. */
	expect(run_of("exited", 66, true, false, "stress_planted_race", "csem.c"), "report",
	       "in stress_planted_race (csem.c:7)");
}
END_TEST

START_TEST(a_report_before_a_crash_is_told)
{
	expect(run_of("signal", 11, false, true, "bq_push", "bqueue.c"), "report", "bq_push");
	expect(run_of("signal", 11, false, true, NULL, NULL), "crash", "signal");
	json_t *run = run_of("exited", 66, false, true, NULL, NULL);
	json_put(run, "crashed", json_true());
	expect(run, "crash", "signal");
}
END_TEST

START_TEST(what_did_not_come_to_its_end_has_no_opinion)
{
	expect(run_of("time", 9, false, true, "bq_push", "bqueue.c"), "hang", "in time");
	expect(run_of("limit", 9, false, true, NULL, NULL), "error", "too much");
	expect(run_of("box", 0, false, true, NULL, NULL), "error", "box");
	expect(run_of("exited", 3, true, true, NULL, NULL), "untried", "nothing to try");
	json_t *run = run_of("exited", 66, false, true, NULL, NULL);
	json_put(run, "unable", json_true());
	expect(run, "error", "does not run on this machine");
	expect(json_object(), "error", "box");
}
END_TEST

TCase *second_test(void)
{
	TCase *tests = tcase_create("second");
	tcase_add_test(tests, silence_counts_only_beside_the_planted_error);
	tcase_add_test(tests, a_log_that_is_not_the_detectors_is_said);
	tcase_add_test(tests, a_report_names_lines_of_the_submission);
	tcase_add_test(tests, a_report_before_a_crash_is_told);
	tcase_add_test(tests, what_did_not_come_to_its_end_has_no_opinion);
	return tests;
}
