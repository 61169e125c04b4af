/* The newest schedule of a token is found wherever it lies; what is damaged is told. */
#include "command/schedules.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"

TCase *schedules_test(void);

static const char token[] = "L3.B.2-7f1c9e";
static char root[64];

static void set_up(void)
{
	(void)snprintf(root, sizeof root, "%s", "/tmp/schedules_test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
}

static void tear_down(void)
{
	ck_assert_int_eq(folder_remove(root), 0);
}

/* A schedule in the folder of a grading, so many seconds old. */
static void put(const char *grading, const char *configuration, long age_s)
{
	AUTO_FREE char *folder = must_printf("%s/build/run/%s/schedules", root, grading);
	AUTO_FREE char *path = must_printf("%s/%s.json", folder, token);
	json_t *file = json_make("{s:s, s:{s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:[], "
				 "s:[], s:{s:i, s:[]}, s:[], "
				 "s:s}}",
				 "format", "interleave-schedule/1", "schedule", "rec", "schedule",
				 "token", token, "configuration", configuration, "finding", "x",
				 "operation", -1, "flags", 0, "spurious", 0, "timeouts", 0,
				 "preemptions", 0, "script", "objects", "end", "how", 2, "threads",
				 "events", "choices", "");
	ck_assert_int_eq(folder_make(folder), 0);
	ck_assert_int_eq(json_write_file(path, file), 0);
	const struct timespec when = { .tv_sec = time(NULL) - age_s };
	const struct timespec times[] = { when, when };
	ck_assert_int_eq(utimensat(-1, path, times, 0), 0);
	json_decref(file);
}

START_TEST(the_newest_of_all_gradings_is_found)
{
	ck_assert_ptr_null(schedules_find(root, token));
	put("3-work-queue/aa", "old", 900);
	put("3-work-queue/bb", "newest", 10);
	put("4-allocator/cc", "older", 500);
	json_t *found = schedules_find(root, token);
	ck_assert_str_eq(json_text_of(json_object_get(found, "schedule"), "configuration", ""),
			 "newest");
	json_decref(found);
	ck_assert_ptr_null(schedules_find(root, "L3.B.2-000000"));
}
END_TEST

START_TEST(a_damaged_one_ends_the_program)
{
	AUTO_FREE char *path = must_printf("%s/build/run/3-work-queue/aa/schedules/%s.json", root,
					   token);
	put("3-work-queue/aa", "x", 1);
	static const char *const texts[] = { "", "{", "{\"format\":\"interleave-schedule/1\"}" };
	ck_assert_int_eq(file_write(path, texts[_i], strlen(texts[_i]), 0644), 0);
	ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr)); /* what it says is not ours */
	json_decref(schedules_find(root, token));
}
END_TEST

TCase *schedules_test(void)
{
	TCase *tests = tcase_create("command/schedules");
	/* One root for all: a test that ends the program cannot clear up. */
	tcase_add_unchecked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, the_newest_of_all_gradings_is_found);
	tcase_add_loop_exit_test(tests, a_damaged_one_ends_the_program, 2, 0, 3);
	return tests;
}
