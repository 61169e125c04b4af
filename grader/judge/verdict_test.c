/* Hand-made evidence: one way of passing, and every way of not passing. */
#include "judge/verdict.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

TCase *verdict_test(void);

static const char begin[] =
	"{\"rec\":\"begin\",\"test\":\"L1.A.2\",\"build\":\"nat\",\"seed\":\"00ff\"}";
static const char held[] = "{\"rec\":\"law\",\"name\":\"all bytes\",\"held\":true}";
static const char broken[] =
	"{\"rec\":\"law\",\"name\":\"all bytes\",\"held\":false,"
	"\"finding\":\"short-read\",\"what\":\"3 of 4 bytes\",\"why\":\"a law\"}";
static const char end[] = "{\"rec\":\"end\",\"evidence\":{\"requests\":20}}";
static const char fact[] = "{\"rec\":\"fact\",\"setup\":\"ok\",\"examiner_exit\":0,\"cpu_ms\":3}";

static json_t *test_row(void)
{
	return json_make("{s:s, s:s, s:s, s:s, s:i}", "id", "L1.A.2", "part", "A", "detector", "FI",
			 "title", "reads all", "points", 400);
}

static bool planted; /* what the job of the next expectation owes; reset by its test */

/* The records are given as texts; the verdict must have this status and, if fail, this finding and
 * detector. */
static void expect(const char *status, const char *finding, const char *detector, size_t count,
		   const char *const *texts)
{
	json_t *records = json_array();
	for (size_t i = 0; i < count; i++) {
		json_t *record = json_read_bytes(texts[i], strlen(texts[i]), NULL);
		ck_assert_msg(record != NULL, "no JSON: %s", texts[i]);
		(void)json_array_append_new(records, record);
	}
	json_t *test = test_row();
	const struct verdict_job job = {
		.build = "nat", .seed = "00ff", .cpu_ms_bound = 1000, .planted = planted
	};
	json_t *verdict = verdict_of_job(test, &job, records);
	ck_assert_str_eq(json_text_of(verdict, "status", "?"), status);
	if (finding != NULL) {
		json_t *found = json_object_get(verdict, "finding");
		ck_assert_str_eq(json_text_of(found, "id", "?"), finding);
		ck_assert_str_eq(json_text_of(verdict, "detector", "?"), detector);
		ck_assert_ptr_nonnull(json_object_get(verdict, "evidence"));
	}
	json_decref(verdict);
	json_decref(test);
	json_decref(records);
}

#define EXPECT(status, finding, detector, ...)                                      \
	expect(status, finding, detector,                                           \
	       sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *), \
	       (const char *const[]){ __VA_ARGS__ })
#define INFRA(...) EXPECT("infra", NULL, NULL, __VA_ARGS__)

START_TEST(complete_evidence_passes)
{
	EXPECT("pass", NULL, NULL, begin, held, end, fact);
	EXPECT("pass", NULL, NULL, begin, held, held, "{\"rec\":\"note\",\"text\":\"x\"}", end,
	       fact);
}
END_TEST

START_TEST(missing_evidence_is_our_fault)
{
	INFRA(held, end, fact);
	INFRA(begin, held, fact);
	INFRA(begin, end, fact);
	INFRA(begin, held, end);
	INFRA(fact);
	INFRA(begin, begin, held, end, fact);
	INFRA(begin, held, end, end, fact);
	INFRA(begin, held, end, fact, fact);
}
END_TEST

START_TEST(evidence_of_another_job_is_our_fault)
{
	INFRA("{\"rec\":\"begin\",\"test\":\"L1.A.1\",\"build\":\"nat\",\"seed\":\"00ff\"}", held,
	      end, fact);
	INFRA("{\"rec\":\"begin\",\"test\":\"L1.A.2\",\"build\":\"asan\",\"seed\":\"00ff\"}", held,
	      end, fact);
	INFRA("{\"rec\":\"begin\",\"test\":\"L1.A.2\",\"build\":\"nat\",\"seed\":\"00fe\"}", held,
	      end, fact);
}
END_TEST

START_TEST(a_broken_grader_is_our_fault)
{
	INFRA(begin, held, end, "{\"rec\":\"fact\",\"setup\":\"failed\",\"step\":\"mount\"}");
	INFRA(begin, held, end, "{\"rec\":\"fact\",\"examiner_exit\":0}");
	INFRA(begin, held, end, "{\"rec\":\"fact\",\"setup\":\"ok\",\"examiner_exit\":1}");
	INFRA(begin, held, "{\"rec\":\"fault\",\"why\":\"cannot bind\"}", end, fact);
	INFRA(begin, held, "{\"rec\":\"verdict\",\"passed\":true}", end, fact);
	INFRA(begin, "{\"rec\":\"law\",\"name\":\"x\",\"held\":\"yes\"}", end, fact);
	INFRA(begin, held, end,
	      "{\"rec\":\"fact\",\"setup\":\"ok\",\"wall\":true,\"examiner_exit\":255,\"cpu_ms\":"
	      "999}");
	/* Even a broken law counts for nothing if the box was not what it should be. */
	INFRA(begin, broken, "{\"rec\":\"fact\",\"setup\":\"failed\",\"step\":\"mount\"}");
}
END_TEST

START_TEST(a_broken_law_fails)
{
	EXPECT("fail", "short-read", "FI", begin, held, broken, end, fact);
	EXPECT("fail", "short-read", "FI", begin, broken, fact);
	EXPECT("fail", "short-read", "FI", begin, broken, "{\"rec\":\"fault\",\"why\":\"x\"}",
	       fact);
	EXPECT("fail", "L1.A.2", "FI", begin, "{\"rec\":\"law\",\"name\":\"x\",\"held\":false}",
	       end, fact);
	EXPECT("fail", "fd-leak", "RES", begin,
	       "{\"rec\":\"law\",\"name\":\"x\",\"held\":false,\"finding\":\"fd-leak\","
	       "\"detector\":\"RES\"}",
	       fact);
}
END_TEST

START_TEST(limits_that_the_subject_hit_fail)
{
	EXPECT("fail", "memory-limit", "RES", begin, held, end,
	       "{\"rec\":\"fact\",\"setup\":\"ok\",\"oom\":true}");
	EXPECT("fail", "output-limit", "RES", begin, held, end,
	       "{\"rec\":\"fact\",\"setup\":\"ok\",\"output_limit\":true}");
	EXPECT("fail", "cpu-limit", "RES", begin, held, end,
	       "{\"rec\":\"fact\",\"setup\":\"ok\",\"cpu_limit\":true}");
	EXPECT("fail", "cpu-limit", "RES", begin, held,
	       "{\"rec\":\"fact\",\"setup\":\"ok\",\"wall\":true,\"cpu_ms\":1000}");
	EXPECT("fail", "memory-limit", "RES", begin, broken, end,
	       "{\"rec\":\"fact\",\"setup\":\"ok\",\"oom\":true}");
	EXPECT("fail", "sandbox-violation", "POL", begin, held, end,
	       "{\"rec\":\"fact\",\"setup\":\"ok\",\"denied\":[{\"syscall\":\"unshare\",\"killed\":"
	       "true}]}");
	EXPECT("pass", NULL, NULL, begin, held, end,
	       "{\"rec\":\"fact\",\"setup\":\"ok\",\"denied\":[{\"syscall\":\"open\",\"killed\":"
	       "false}]}");
}
END_TEST

START_TEST(a_sanitizer_report_fails_and_is_the_deepest_cause)
{
	const char *report = "{\"rec\":\"sanitizer\",\"summary\":\"SUMMARY: AddressSanitizer: "
			     "heap-use-after-free conn.c:42 in f\"}";
	EXPECT("fail", "memory-error", "SAN", begin, held, report, end, fact);
	EXPECT("fail", "memory-error", "SAN", begin, broken, report, fact);
}
END_TEST

START_TEST(a_planted_error_must_be_reported)
{
	const char *reported = "{\"rec\":\"control\",\"planted\":\"address\",\"reported\":true,"
			       "\"alone\":true,\"removed\":false}";
	const char *silent = "{\"rec\":\"control\",\"planted\":\"address\",\"reported\":false,"
			     "\"alone\":true,\"removed\":false}";
	const char *crowd = "{\"rec\":\"control\",\"planted\":\"address\",\"reported\":true,"
			    "\"alone\":false,\"removed\":false}";
	const char *removed = "{\"rec\":\"control\",\"planted\":\"address\",\"reported\":true,"
			      "\"alone\":true,\"removed\":true}";
	const char *report = "{\"rec\":\"sanitizer\",\"summary\":\"SUMMARY: x\",\"text\":\"\"}";
	for (int owed = 0; owed < 2; owed++) {
		planted = owed;
		EXPECT("pass", NULL, NULL, begin, held, reported, end, fact);
		EXPECT("pass", NULL, NULL, begin, held, reported, reported, end, fact);
		EXPECT("fail", "tampered", "POL", begin, held, silent, end, fact);
		EXPECT("fail", "tampered", "POL", begin, held, crowd, end, fact);
		EXPECT("fail", "tampered", "POL", begin, held, removed, end, fact);
		/* One that spoke does not speak for the others. */
		EXPECT("fail", "tampered", "POL", begin, held, reported, silent, end, fact);
		EXPECT("fail", "tampered", "POL", begin, held, silent, reported, end, fact);
		/* What the program did comes first, ... */
		EXPECT("fail", "memory-error", "SAN", begin, held, silent, report, end, fact);
		EXPECT("fail", "memory-error", "SAN", begin, held, reported, report, end, fact);
		EXPECT("fail", "short-read", "FI", begin, broken, silent, end, fact);
		EXPECT("fail", "memory-limit", "RES", begin, held, silent, end,
		       "{\"rec\":\"fact\",\"setup\":\"ok\",\"oom\":true}");
		/* ... and what we did not do is never the student's. */
		INFRA(begin, held, silent, fact);
		INFRA(begin, silent, end, fact);
		INFRA(begin, held, silent, "{\"rec\":\"fault\",\"why\":\"x\"}", fact);
		INFRA(begin, held, silent, end, "{\"rec\":\"fact\",\"setup\":\"failed\"}");
		INFRA(begin, held, end, fact,
		      ("{\"rec\":\"control\",\"planted\":\"address\",\"reported\":1,\"alone\":"
		       "true}"));
		INFRA(begin, held, end, fact,
		      ("{\"rec\":\"control\",\"planted\":\"address\",\"reported\":true,\"alone\":"
		       "true}"));
		INFRA(begin, held, end, fact,
		      "{\"rec\":\"control\",\"reported\":true,\"alone\":true,\"removed\":false}");
		/* A skip gives points away: it is no way out. */
		EXPECT("fail", "tampered", "POL", begin, held, silent,
		       "{\"rec\":\"skip\",\"why\":\"no freezer\"}", end, fact);
	}
	planted = true;
	INFRA(begin, held, end, fact);
	EXPECT("fail", "short-read", "FI", begin, broken, end, fact);
	planted = false;
}
END_TEST

START_TEST(a_skip_needs_whole_evidence)
{
	EXPECT("skipped", NULL, NULL, begin, held, "{\"rec\":\"skip\",\"why\":\"no freezer\"}", end,
	       fact);
	INFRA(begin, "{\"rec\":\"skip\",\"why\":\"no freezer\"}", end, fact);
}
END_TEST

static void expect_merged(const char *left, const char *right, const char *status, const char *id)
{
	json_t *test = test_row();
	json_t *jobs[2] = { left ? json_make("{s:s, s:s, s:{s:s}}", "status", left, "detector",
					     "FI", "finding", "id", "law")
				 : NULL,
			    right ? json_make("{s:s, s:s, s:{s:s}}", "status", right, "detector",
					      "SAN", "finding", "id", "memory-error")
				  : NULL };
	json_t *verdict = verdict_of_test(test, jobs, 2);
	ck_assert_str_eq(json_text_of(verdict, "status", "?"), status);
	if (id != NULL)
		ck_assert_str_eq(json_text_of(json_object_get(verdict, "finding"), "id", "?"), id);
	json_decref(verdict);
	json_decref(jobs[0]);
	json_decref(jobs[1]);
	json_decref(test);
}

START_TEST(all_builds_must_pass)
{
	expect_merged("pass", "pass", "pass", NULL);
	expect_merged("pass", "fail", "fail", "memory-error");
	expect_merged("fail", "pass", "fail", "law");
	expect_merged("fail", "fail", "fail", "memory-error");
	expect_merged("fail", "infra", "fail", "law");
	expect_merged("pass", "infra", "infra", NULL);
	expect_merged("pass", NULL, "infra", NULL);
	expect_merged("skipped", "pass", "skipped", NULL);
}
END_TEST

/* The finding's token, "" if it has none, when a schedule comes before the broken law. */
static const char *token_with(const char *schedule)
{
	static char token[64];
	const char *const texts[] = { begin, schedule, broken, end, fact };
	json_t *records = json_array();
	json_t *test = test_row();
	const struct verdict_job job = { .build = "nat", .seed = "00ff" };
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		(void)json_array_append_new(records,
					    json_read_bytes(texts[i], strlen(texts[i]), NULL));
	json_t *verdict = verdict_of_job(test, &job, records);
	ck_assert_str_eq(json_text_of(verdict, "status", "?"), "fail");
	(void)snprintf(token, sizeof token, "%s",
		       json_text_of(json_object_get(verdict, "finding"), "token", ""));
	json_decref(verdict);
	json_decref(test);
	json_decref(records);
	return token;
}

START_TEST(a_finding_has_the_token_of_its_own_schedule)
{
	ck_assert_str_eq(token_with("{\"rec\":\"schedule\",\"finding\":\"short-read\","
				    "\"token\":\"L1.A.2-7f1c9e\"}"),
			 "L1.A.2-7f1c9e");
	ck_assert_str_eq(token_with("{\"rec\":\"schedule\",\"finding\":\"other\","
				    "\"token\":\"L1.A.2-7f1c9e\"}"),
			 "");
	ck_assert_str_eq(token_with("{\"rec\":\"schedule\",\"finding\":\"short-read\","
				    "\"token\":\"L1.A.9-7f1c9e\"}"),
			 "");
	ck_assert_str_eq(token_with("{\"rec\":\"schedule\"}"), "");
	EXPECT("pass", NULL, NULL, begin, "{\"rec\":\"schedule\"}", held, end, fact);
}
END_TEST

TCase *verdict_test(void)
{
	TCase *tests = tcase_create("judge/verdict");
	tcase_add_test(tests, complete_evidence_passes);
	tcase_add_test(tests, a_finding_has_the_token_of_its_own_schedule);
	tcase_add_test(tests, missing_evidence_is_our_fault);
	tcase_add_test(tests, evidence_of_another_job_is_our_fault);
	tcase_add_test(tests, a_broken_grader_is_our_fault);
	tcase_add_test(tests, a_broken_law_fails);
	tcase_add_test(tests, limits_that_the_subject_hit_fail);
	tcase_add_test(tests, a_sanitizer_report_fails_and_is_the_deepest_cause);
	tcase_add_test(tests, a_planted_error_must_be_reported);
	tcase_add_test(tests, a_skip_needs_whole_evidence);
	tcase_add_test(tests, all_builds_must_pass);
	return tests;
}
