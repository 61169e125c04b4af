/* Each rule about archives, with an archive made now by grader/tests/archives.c. */
#include "batch/extract.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "batch/tree.h"

TCase *extract_test(void);

static const char reader[] = "build/unpack";

struct fixture {
	char top[64];
	char *into;
	struct extracted extracted;
};

static void command(const char *text)
{
	ck_assert_msg(system(text) == 0, "%s", text); /* NOLINT(cert-env33-c): words of ours */
}

/* An archive of this kind with a.c and b.c in it. */
static int make(struct fixture *fixture, const char *kind)
{
	*fixture = (struct fixture){ .top = "/tmp/extract_test.XXXXXX" };
	ck_assert_ptr_nonnull(mkdtemp(fixture->top));
	fixture->into = must_printf("%s/into/deep", fixture->top);
	AUTO_FREE char *text = must_printf(
		"cd %s && mkdir ok && echo one >ok/a.c && echo two >ok/b.c && "
		"\"$OLDPWD\"/build/test/archives %s archive ok && rm -r ok",
		fixture->top, kind);
	command(text);
	AUTO_FREE char *path = must_printf("%s/archive", fixture->top);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	return fd;
}

static void fini(struct fixture *fixture)
{
	extracted_fini(&fixture->extracted);
	AUTO_FREE char *text = must_printf("rm -r %s", fixture->top);
	command(text);
	free(fixture->into);
}

/* Nothing but what was asked for lies in the folder that all was made in. */
static void expect_nothing_outside(const struct fixture *fixture)
{
	struct words names = { 0 };
	AUTO_FREE char *above = must_printf("%s/into", fixture->top);
	ck_assert_int_eq(folder_list(above, 10, &names), 0);
	ck_assert_uint_eq(names.count, 1);
	words_fini(&names);
	ck_assert_int_eq(folder_list(fixture->top, 10, &names), 0);
	ck_assert_uint_eq(names.count, 2);
	words_fini(&names);
	ck_assert(!file_exists("/tmp/interleave-outside"));
}

/* Wanted: the two files, these others ("" for none), and this word in the notes (NULL: no notes).
 */
static const struct {
	const char *kind, *others, *note;
} good[] = {
	{ "honest_zip", "", NULL },
	{ "honest_tar", "", NULL },
	{ "honest_gz", "", NULL },
	{ "honest_xz", "", NULL },
	{ "honest_zst", "", NULL },
	{ "honest_bz2", "", NULL },
	{ "junk", "", NULL },
	{ "links", "up/through-a-link.c", "shadow is a link and was skipped" },
	{ "specials", "", "pipe is no file and was skipped" },
};

START_TEST(what_is_good_comes_out)
{
	struct fixture fixture;
	AUTO_FD int archive = make(&fixture, good[_i].kind);
	extract_hand_in(reader, archive, fixture.into, &fixture.extracted);
	ck_assert_msg(fixture.extracted.refused == NULL, "%s: %s", good[_i].kind,
		      fixture.extracted.refused);
	struct words wanted = { 0 };
	words_split(&wanted, "a.c b.c");
	words_split(&wanted, good[_i].others);
	struct tree tree;
	ck_assert_int_eq(tree_walk(fixture.into, &tree), 0);
	ck_assert_uint_eq(tree.strange.count, 0);
	ck_assert_uint_eq(tree.files.count, wanted.count);
	for (size_t i = 0; i < wanted.count; i++)
		ck_assert_str_eq(tree.files.item[i], wanted.item[i]);
	tree_fini(&tree);
	words_fini(&wanted);
	AUTO_FREE char *path = must_printf("%s/b.c", fixture.into);
	AUTO_FREE char *bytes = NULL;
	size_t length = 0;
	struct stat info;
	ck_assert_int_eq(stat(path, &info), 0);
	ck_assert_uint_eq(info.st_mode & 07777, 0644);
	ck_assert_int_eq(file_read(path, 100, &bytes, &length), 0);
	ck_assert_str_eq(bytes, "two\n");
	bool noted = good[_i].note == NULL && fixture.extracted.notes.count == 0;
	for (size_t i = 0; i < fixture.extracted.notes.count; i++)
		noted = noted || (good[_i].note != NULL &&
				  strcmp(fixture.extracted.notes.item[i], good[_i].note) == 0);
	ck_assert_msg(noted, "%s: not the notes that were wanted", good[_i].kind);
	expect_nothing_outside(&fixture);
	fini(&fixture);
}
END_TEST

static const struct {
	const char *kind, *why;
} bad[] = {
	{ "unsafe_parent", "'../outside.c' leaves its folder" },
	{ "unsafe_inner", "leaves its folder" },
	{ "unsafe_absolute", "is absolute" },
	{ "unsafe_drive", "drive letter" },
	{ "unsafe_backslash", "holds a backslash" },
	{ "unsafe_control", "'two Score 100.c' holds a control character" },
	{ "unsafe_escape", "'a\\u001b[2Jb.c' holds a control character" },
	{ "unsafe_utf8", "is not UTF-8" },
	{ "unsafe_long", "more than 128 bytes" },
	{ "unsafe_deep", "16 folders deep" },
	{ "double_name", "is there twice" },
	{ "double_case", "differs from another only in capitals" },
	{ "file_and_folder", "is both a file and a folder" },
	{ "bomb_ratio", "100 times its size" },
	{ "bomb_file", "'zeros' is larger than 8 MiB" },
	{ "bomb_entries", "more than 2,000 entries" },
	{ "bomb_total", "more than 64 MiB" },
	{ "encrypted", "is encrypted" },
	{ "cpio", "no archive" },
	{ "seven_zip", "no archive" },
};

START_TEST(what_is_bad_is_refused)
{
	struct fixture fixture;
	AUTO_FD int archive = make(&fixture, bad[_i].kind);
	extract_hand_in(reader, archive, fixture.into, &fixture.extracted);
	ck_assert_msg(fixture.extracted.refused != NULL, "%s: not refused", bad[_i].kind);
	ck_assert_msg(strstr(fixture.extracted.refused, bad[_i].why) != NULL, "%s: '%s'",
		      bad[_i].kind, fixture.extracted.refused);
	expect_nothing_outside(&fixture);
	fini(&fixture);
}
END_TEST

START_TEST(what_is_damaged_is_refused)
{
	static const char *const kinds[] = { "honest_zip", "honest_gz", "honest_tar" };
	struct fixture fixture;
	AUTO_FD int archive = make(&fixture, kinds[_i]);
	AUTO_FREE char *path = must_printf("%s/archive", fixture.top);
	ck_assert_int_eq(truncate(path, lseek(archive, 0, SEEK_END) / 5 * 2), 0);
	extract_hand_in(reader, archive, fixture.into, &fixture.extracted);
	ck_assert_ptr_nonnull(fixture.extracted.refused);
	fini(&fixture);
}
END_TEST

/* In a class each of these is the matter of one hand-in. */
START_TEST(a_class_goes_on)
{
	struct fixture fixture;
	AUTO_FD int archive = make(&fixture, bad[_i].kind);
	extract_class(reader, archive, fixture.into, &fixture.extracted);
	if (strncmp(bad[_i].kind, "bomb", 4) == 0) { /* small ones, for a class */
		ck_assert_ptr_null(fixture.extracted.refused);
	} else if (strstr(bad[_i].why, "no archive") != NULL) {
		ck_assert_ptr_nonnull(fixture.extracted.refused);
	} else {
		ck_assert_ptr_null(fixture.extracted.refused);
		ck_assert_uint_ge(fixture.extracted.problem_count, 1);
		ck_assert(fixture.extracted.problems[0].fatal);
	}
	expect_nothing_outside(&fixture);
	fini(&fixture);
}
END_TEST

TCase *extract_test(void)
{
	TCase *tests = tcase_create("extract");
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, what_is_good_comes_out, 0, sizeof good / sizeof good[0]);
	tcase_add_loop_test(tests, what_is_bad_is_refused, 0, sizeof bad / sizeof bad[0]);
	tcase_add_loop_test(tests, what_is_damaged_is_refused, 0, 3);
	tcase_add_loop_test(tests, a_class_goes_on, 0, sizeof bad / sizeof bad[0]);
	return tests;
}
