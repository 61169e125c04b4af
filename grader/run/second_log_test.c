/* Logs as the detectors write them, and as nobody but a submission does. */
#include "run/second_log.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"

TCase *second_log_test(void);

static const char race[] =
	"==================\n"
	"WARNING: ThreadSanitizer: data race (pid=2)\n"
	"  Read of size 8 at 0x7b34000000a0 by thread T5:\n"
	"    #0 <null> <null> (stress+0x440a)\n"
	"    #1 <null> <null> (stress+0x2c3a) (BuildId: 0e7a20a7e103)\n"
	"    #2 <null> <null> (libtsan.so.2+0x3898f)\n"
	"\n"
	"  Previous write of size 8 at 0x7b34000000a0 by thread T1 (mutexes: write M0):\n"
	"    #0 <null> <null> (stress+0x3bb5)\n"
	"\n"
	"  Location is heap block of size 200 at 0x7b3400000000 allocated by main thread:\n"
	"    #0 <null> <null> (stress+0x3809)\n"
	"\n"
	"  Thread T5 (tid=26842, running) created by main thread at:\n"
	"    #0 <null> <null> (stress+0x26a5)\n"
	"\n"
	"SUMMARY: ThreadSanitizer: data race (/stress+0x440a) \n"
	"==================\n";

static json_t *report_of(const json_t *log, size_t index)
{
	return json_array_get(json_object_get(log, "reports"), index);
}

static const json_t *frame_of(const json_t *log, size_t report, size_t stack, size_t frame)
{
	const json_t *stacks = json_object_get(report_of(log, report), "stacks");
	return json_array_get(json_array_get(stacks, stack), frame);
}

static bool has(const json_t *log, const char *key)
{
	return json_is_true(json_object_get(log, key));
}

START_TEST(a_race_has_two_sides)
{
	char text[4096];
	(void)snprintf(text, sizeof text, "%sThreadSanitizer: reported 1 warnings\n", race);
	json_t *log = second_log_tsan(text);
	ck_assert_uint_eq(json_array_size(json_object_get(log, "reports")), 1);
	ck_assert_str_eq(json_text_of(report_of(log, 0), "kind", "?"), "data race");
	ck_assert_uint_eq(json_array_size(json_object_get(report_of(log, 0), "stacks")), 2);
	ck_assert_str_eq(json_text_of(frame_of(log, 0, 0, 0), "at", "?"), "0x440b");
	ck_assert_str_eq(json_text_of(frame_of(log, 0, 0, 1), "at", "?"), "0x2c3b");
	ck_assert_ptr_null(frame_of(log, 0, 0, 2));
	ck_assert_str_eq(json_text_of(frame_of(log, 0, 1, 0), "at", "?"), "0x3bb6");
	ck_assert(has(log, "whole") && !has(log, "unable") && !has(log, "crashed"));
	json_decref(log);
}
END_TEST

START_TEST(what_explains_is_no_side)
{
	json_t *log = second_log_tsan(
		"WARNING: ThreadSanitizer: heap-use-after-free (pid=2)\n"
		"  Write of size 4 at 0x1 by thread T1:\n"
		"    #0 <null> <null> (stress+0x10)\n\n"
		"  Location is heap block of size 200 at 0x1 allocated by T2:\n"
		"    #0 <null> <null> (stress+0x20)\n\n"
		"  Thread T1 (tid=7, running) created by main thread at:\n"
		"    #0 <null> <null> (stress+0x30)\n");
	ck_assert_uint_eq(json_array_size(json_object_get(report_of(log, 0), "stacks")), 1);
	ck_assert_ptr_null(frame_of(log, 0, 0, 1));
	json_decref(log);
}
END_TEST

START_TEST(a_count_that_is_not_the_logs_is_seen)
{
	char text[8192];
	(void)snprintf(text, sizeof text, "%s%sThreadSanitizer: reported 1 warnings\n", race, race);
	json_t *more = second_log_tsan(text);
	json_t *none = second_log_tsan(race);
	json_t *fewer = second_log_tsan("ThreadSanitizer: reported 1 warnings\n");
	ck_assert(!has(more, "whole") && !has(none, "whole") && !has(fewer, "whole"));
	json_decref(fewer);
	json_decref(none);
	json_decref(more);
}
END_TEST

START_TEST(the_first_reports_and_the_last_are_kept)
{
	static char text[64 * 1024];
	size_t length = 0;
	for (int i = 0; i < 40; i++)
		length += (size_t)snprintf(text + length, sizeof text - length,
					   "WARNING: ThreadSanitizer: data race (pid=2)\n"
					   "  Write of size 4 at 0x1 by thread T1:\n"
					   "    #0 <null> <null> (stress+0x%x)\n\n",
					   0x100 + i);
	json_t *log = second_log_tsan(text);
	ck_assert_uint_eq(json_array_size(json_object_get(log, "reports")), SECOND_REPORTS_MAX);
	ck_assert_str_eq(json_text_of(frame_of(log, 0, 0, 0), "at", "?"), "0x101");
	ck_assert_str_eq(json_text_of(frame_of(log, SECOND_REPORTS_MAX - 1, 0, 0), "at", "?"),
			 "0x128");
	json_decref(log);
}
END_TEST

START_TEST(kinds_are_called_by_our_names_only)
{
	json_t *log = second_log_tsan(
		"WARNING: ThreadSanitizer: lock-order-inversion (potential deadlock) (pid=2)\n"
		"  Cycle in lock order graph: M0 => M1 => M0\n\n"
		"  Mutex M1 acquired here while holding mutex M0 in thread T1:\n"
		"    #0 <null> <null> (libtsan.so.2+0x1)\n"
		"    #1 <null> <null> (stress+0x10)\n\n"
		"WARNING: ThreadSanitizer: full marks for this one (pid=2)\n"
		"==2==ERROR: ThreadSanitizer: SEGV on unknown address\n"
		"FATAL: ThreadSanitizer: unexpected memory mapping 0x1-0x2\n");
	ck_assert_str_eq(json_text_of(report_of(log, 0), "kind", "?"),
			 "locks taken in different orders");
	ck_assert_str_eq(json_text_of(frame_of(log, 0, 0, 0), "at", "?"), "0x11");
	ck_assert_str_eq(json_text_of(report_of(log, 1), "kind", "?"), "report of another kind");
	ck_assert(has(log, "unable") && has(log, "crashed"));
	json_decref(log);
}
END_TEST

START_TEST(helgrind_and_drd_name_functions)
{
	json_t *log = second_log_valgrind(
		"==2== Thread #6 was created\n"
		"==2==    at 0x496FB3F: clone (clone.S:76)\n"
		"==2== \n"
		"==2== Possible data race during read of size 8 at 0x4A4C0E0 by thread #6\n"
		"==2== Locks held: none\n"
		"==2==    at 0x10B268: bq_size (bqueue.c:280)\n"
		"==2==    by 0x484C7D6: ??? (in /usr/libexec/valgrind/x.so)\n"
		"==2== \n"
		"==2== This conflicts with a previous write of size 8 by thread #4\n"
		"==2== Locks held: 1, at address 0x4A4C040\n"
		"==2==    at 0x10AE24: take (bqueue.c:168)\n"
		"==2==  Address 0x4a4c0e0 is 160 bytes inside a block of size 200 alloc'd\n"
		"==2==    at 0x48437F4: malloc (in /usr/x.so)\n"
		"==2==    by 0x10AEA7: bq_create (bqueue.c:113)\n"
		"==2== \n"
		"==2== Thread #5: pthread_cond_{signal,broadcast}: dubious: associated lock\n"
		"==2== Conflicting store by thread 2 at 0x04a6d0d0 size 8\n"
		"==2==    at 0x10AD7D: put (bqueue.c:158)\n"
		"==2==    by 0x10AD7D: a]0;b (bqueue.c:1)\n"
		"==2== ERROR SUMMARY: 8 errors from 3 contexts (suppressed: 1 from 1)\n");
	ck_assert_uint_eq(json_array_size(json_object_get(log, "reports")), 2);
	ck_assert_str_eq(json_text_of(frame_of(log, 0, 0, 0), "function", "?"), "bq_size");
	ck_assert_str_eq(json_text_of(frame_of(log, 0, 1, 0), "function", "?"), "take");
	ck_assert_ptr_null(frame_of(log, 0, 1, 1));
	ck_assert_str_eq(json_text_of(frame_of(log, 1, 0, 0), "file", "?"), "bqueue.c");
	ck_assert_int_eq(json_integer_value(json_object_get(frame_of(log, 1, 0, 0), "line")), 158);
	ck_assert_ptr_null(frame_of(log, 1, 0, 1));
	ck_assert(has(log, "whole") && !has(log, "unable"));
	json_decref(log);
	log = second_log_valgrind("valgrind: failed to start tool 'drd' for platform 'x'\n");
	ck_assert(has(log, "unable") && !has(log, "whole"));
	json_decref(log);
}
END_TEST

TCase *second_log_test(void)
{
	TCase *tests = tcase_create("second_log");
	tcase_add_test(tests, a_race_has_two_sides);
	tcase_add_test(tests, what_explains_is_no_side);
	tcase_add_test(tests, a_count_that_is_not_the_logs_is_seen);
	tcase_add_test(tests, the_first_reports_and_the_last_are_kept);
	tcase_add_test(tests, kinds_are_called_by_our_names_only);
	tcase_add_test(tests, helgrind_and_drd_name_functions);
	return tests;
}
