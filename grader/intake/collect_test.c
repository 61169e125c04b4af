/* What is taken from a folder, what is not, and the sum of it. */
#include "intake/collect.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"

TCase *collect_test(void);

struct fixture {
	char folder[64];
	struct lab lab;
};

static struct fixture make(void)
{
	struct fixture fixture = { .folder = "/tmp/collect_test.XXXXXX",
				   .lab = { .root = (char[]){ "/nowhere" },
					    .name = (char[]){ "1-test" } } };
	ck_assert_ptr_nonnull(mkdtemp(fixture.folder));
	words_split(&fixture.lab.files, "b.c a.c");
	return fixture;
}

static const char *path_of(const struct fixture *fixture, const char *name)
{
	static char path[128];
	(void)snprintf(path, sizeof path, "%s/%s", fixture->folder, name);
	return path;
}

static void put(const struct fixture *fixture, const char *name, const char *text)
{
	ck_assert_int_eq(file_write(path_of(fixture, name), text, strlen(text), 0644), 0);
}

static struct submission collect(struct fixture *fixture)
{
	struct submission submission;
	submission_collect(&fixture->lab, fixture->folder, &submission);
	ck_assert_int_eq(folder_remove(fixture->folder), 0);
	words_fini(&fixture->lab.files);
	return submission;
}

START_TEST(the_sum_is_that_of_the_design)
{
	struct fixture fixture = make();
	put(&fixture, "a.c", "abc");
	put(&fixture, "b.c", "");
	struct submission submission = collect(&fixture);
	ck_assert_ptr_null(submission.finding);
	/* { printf 'a.c\0003\0'; printf abc | sha256sum | xxd -r -p; printf 'b.c\0000\0'; ... } |
	 * sha256sum */
	ck_assert_str_eq(submission.hash,
			 "e97836b7815369abde27dbe3d5eaa1eeff917bba206c63a95cc620078ccb4823");
	submission_fini(&submission);
}
END_TEST

static void expect_finding(struct fixture *fixture, const char *id, const char *word)
{
	struct submission submission = collect(fixture);
	ck_assert_str_eq(json_text_of(submission.finding, "id", "?"), id);
	ck_assert_ptr_nonnull(strstr(json_text_of(submission.finding, "what", ""), word));
	submission_fini(&submission);
}

START_TEST(only_plain_files_count)
{
	struct fixture fixture = make();
	put(&fixture, "b.c", "");
	expect_finding(&fixture, "missing-file", "a.c is missing");
	fixture = make();
	put(&fixture, "b.c", "");
	ck_assert_int_eq(symlink("b.c", path_of(&fixture, "a.c")), 0);
	expect_finding(&fixture, "missing-file", "symbolic link");
	fixture = make();
	put(&fixture, "b.c", "");
	ck_assert_int_eq(mkfifo(path_of(&fixture, "a.c"), 0644), 0);
	expect_finding(&fixture, "missing-file", "FIFO");
	fixture = make();
	put(&fixture, "b.c", "");
	ck_assert_int_eq(mkdir(path_of(&fixture, "a.c"), 0755), 0);
	expect_finding(&fixture, "missing-file", "folder");
	fixture = make();
	put(&fixture, "b.c", "");
	put(&fixture, "a.c", "");
	ck_assert_int_eq(truncate(path_of(&fixture, "a.c"), 1L << 30), 0);
	expect_finding(&fixture, "file-too-large", "256 KiB");
}
END_TEST

START_TEST(other_files_are_ignored_with_few_clean_words)
{
	struct fixture fixture = make();
	put(&fixture, "a.c", "\xff");
	put(&fixture, "b.c", "");
	put(&fixture, "\033[2J", "");
	for (char name[] = "x0"; name[1] <= '9'; name[1]++)
		put(&fixture, name, "");
	struct submission submission = collect(&fixture);
	ck_assert_ptr_null(submission.finding);
	ck_assert_uint_eq(submission.count, 2);
	ck_assert(words_has(&submission.notes, "a.c holds bytes that are not UTF-8"));
	ck_assert(
		words_has(&submission.notes, "\\u001b[2J is not part of this lab and was ignored"));
	ck_assert(words_has(&submission.notes,
			    "6 more files are not part of this lab and were ignored"));
	ck_assert_uint_eq(submission.notes.count, 7);
	submission_fini(&submission);
}
END_TEST

/* Texts are data: what is wrong with one is no finding of the build. */
START_TEST(texts_are_any_bytes_or_not_there)
{
	static const struct {
		const char *name, *why;
	} wanted[] = { { "t/good", NULL },
		       { "t/none", NULL },
		       { "t/link", "a symbolic link" },
		       { "t/folder", "a folder" },
		       { "t/fifo", "a FIFO" },
		       { "t/large", "larger than 256 KiB" },
		       { "u/any", "behind a link" },
		       { "a.c/any", "behind a link" } };
	struct fixture fixture = make();
	put(&fixture, "a.c", "");
	put(&fixture, "b.c", "");
	ck_assert_int_eq(mkdir(path_of(&fixture, "t"), 0755), 0);
	ck_assert_int_eq(file_write(path_of(&fixture, "t/good"), "\0\xff", 2, 0644), 0);
	ck_assert_int_eq(symlink("good", path_of(&fixture, "t/link")), 0);
	ck_assert_int_eq(mkdir(path_of(&fixture, "t/folder"), 0755), 0);
	ck_assert_int_eq(mkfifo(path_of(&fixture, "t/fifo"), 0644), 0);
	put(&fixture, "t/large", "");
	ck_assert_int_eq(truncate(path_of(&fixture, "t/large"), SOURCE_BYTES_MAX + 1), 0);
	put(&fixture, "t/any", "");
	ck_assert_int_eq(symlink("t", path_of(&fixture, "u")), 0);
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
		words_add(&fixture.lab.texts, wanted[i].name);
	struct submission submission = collect(&fixture);
	ck_assert_ptr_null(submission.finding);
	ck_assert_uint_eq(submission.text_count, sizeof wanted / sizeof wanted[0]);
	for (size_t i = 0; i < submission.text_count; i++) {
		const struct text *text = &submission.texts[i];
		ck_assert_str_eq(text->name, wanted[i].name);
		ck_assert_pstr_eq(text->why, wanted[i].why);
		ck_assert((text->bytes != NULL) == (i == 0));
	}
	ck_assert_uint_eq(submission.texts[0].length, 2);
	ck_assert_int_eq(memcmp(submission.texts[0].bytes, "\0\xff", 2), 0);
	submission_fini(&submission);
	words_fini(&fixture.lab.texts);
}
END_TEST

START_TEST(a_text_is_part_of_the_sum)
{
	struct fixture fixture = make();
	char without[HASH_HEX_BYTES];
	put(&fixture, "a.c", "abc");
	put(&fixture, "b.c", "");
	struct submission submission = collect(&fixture);
	memcpy(without, submission.hash, sizeof without);
	submission_fini(&submission);
	fixture = make();
	put(&fixture, "a.c", "abc");
	put(&fixture, "b.c", "");
	put(&fixture, "t", "T1");
	words_add(&fixture.lab.texts, "t");
	submission = collect(&fixture);
	ck_assert_str_ne(submission.hash, without);
	submission_fini(&submission);
	words_fini(&fixture.lab.texts);
}
END_TEST

TCase *collect_test(void)
{
	TCase *tests = tcase_create("intake/collect");
	tcase_add_test(tests, the_sum_is_that_of_the_design);
	tcase_add_test(tests, only_plain_files_count);
	tcase_add_test(tests, other_files_are_ignored_with_few_clean_words);
	tcase_add_test(tests, texts_are_any_bytes_or_not_there);
	tcase_add_test(tests, a_text_is_part_of_the_sum);
	return tests;
}
