/* A result is whole or there is none, whatever length the guest wrote. */
#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "machine_grade.h"
#include "machine_memory.h"

TCase *machine_result_test(void);

#define FOLDER "/tmp/interleave-result-XXXXXX"

static char folder[sizeof FOLDER];
static char path[sizeof FOLDER + 8];

static void set_up(void)
{
	(void)snprintf(folder, sizeof folder, "%s", FOLDER);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	(void)snprintf(path, sizeof path, "%s/out", folder);
}

static void tear_down(void)
{
	ck_assert_int_eq(folder_remove(folder), 0);
}

/* What is said of a disk that begins with these bytes. */
static const char *take(const void *bytes, size_t length)
{
	int disk = memory_disk("test", RESULT_DISK_BYTES);
	ck_assert_int_eq(pwrite(disk, bytes, length, 0), (ssize_t)length);
	const char *why = result_take(disk, path);
	ck_assert_int_eq(close(disk), 0);
	return why;
}

static void expect_none(uint64_t length)
{
	const char *why = take(&length, sizeof length);
	ck_assert_msg(why != NULL, "a length of %llu was taken", (unsigned long long)length);
	ck_assert_msg(!file_exists(path), "a length of %llu left a file",
		      (unsigned long long)length);
}

START_TEST(a_result_is_the_bytes_behind_its_length)
{
	ck_assert_ptr_null(take("\3\0\0\0\0\0\0\0abcdef", 14));
	char *bytes = NULL;
	size_t length = 0;
	ck_assert_int_eq(file_read(path, 100, &bytes, &length), 0);
	ck_assert_uint_eq(length, 3);
	ck_assert_mem_eq(bytes, "abc", 3);
	free(bytes);
}
END_TEST

START_TEST(a_length_that_cannot_be_gives_none)
{
	expect_none(0);
	expect_none(RESULT_DISK_BYTES - 7);
	expect_none(RESULT_DISK_BYTES);
	expect_none((uint64_t)1 << 32);
	expect_none((uint64_t)1 << 63);
	expect_none(UINT64_MAX);
	expect_none(UINT64_MAX - 7); /* plus 8 it would be none */
}
END_TEST

START_TEST(the_longest_is_the_disk_without_its_length)
{
	const uint64_t longest = RESULT_DISK_BYTES - 8;
	ck_assert_ptr_null(take(&longest, sizeof longest));
}
END_TEST

TCase *machine_result_test(void)
{
	TCase *tests = tcase_create("machine_result");
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_result_is_the_bytes_behind_its_length);
	tcase_add_test(tests, a_length_that_cannot_be_gives_none);
	tcase_add_test(tests, the_longest_is_the_disk_without_its_length);
	return tests;
}
