/* A class of plain folders becomes entries and canonical submissions. */
#include "batch/scan.h"

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
#include "batch/objects.h"

TCase *scan_test(void);

struct fixture {
	char top[64];
	struct lab lab;
	struct entries entries;
};

static struct fixture make(void)
{
	static char root[] = ".";
	static char name[] = "3-test";
	struct fixture fixture = { .top = "/tmp/scan_test.XXXXXX",
				   .lab = { .root = root, .name = name } };
	ck_assert_ptr_nonnull(mkdtemp(fixture.top));
	words_split(&fixture.lab.files, "a.c b.c");
	words_split(&fixture.lab.texts, "schedules/one");
	return fixture;
}

static void put(const struct fixture *fixture, const char *name, const char *text)
{
	AUTO_FREE char *path = must_printf("%s/class/%s", fixture->top, name);
	AUTO_FREE char *folder = must_printf("%.*s", (int)(strrchr(path, '/') - path), path);
	ck_assert_int_eq(folder_make(folder), 0);
	ck_assert_int_eq(file_write(path, text, strlen(text), 0644), 0);
}

static void scan(struct fixture *fixture)
{
	AUTO_FREE char *class = must_printf("%s/class", fixture->top);
	AUTO_FREE char *out = must_printf("%s/out", fixture->top);
	struct batch_conf conf;
	batch_conf_load(NULL, class, &conf);
	const struct scan_options options = { .submissions = class, .out = out, .conf = &conf };
	scan_class(&fixture->lab, &options, &fixture->entries);
	batch_conf_fini(&conf);
}

static void fini(struct fixture *fixture)
{
	AUTO_FREE char *command = must_printf("chmod -R u+w %s; rm -r %s", fixture->top,
					      fixture->top);
	entries_fini(&fixture->entries);
	words_fini(&fixture->lab.files);
	words_fini(&fixture->lab.texts);
	ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c): a folder of ours */
}

static const struct entry *entry_at(const struct fixture *fixture, size_t i, const char *name)
{
	ck_assert_uint_gt(fixture->entries.count, i);
	ck_assert_str_eq(fixture->entries.item[i].name, name);
	return &fixture->entries.item[i];
}

START_TEST(each_folder_is_an_entry)
{
	struct fixture fixture = make();
	put(&fixture, "jdoe/a.c", "abc");
	put(&fixture, "jdoe/b.c", "");
	put(&fixture, "jdoe/notes.txt", "");
	put(&fixture, "asmith/lab3/src/a.c", "abc");
	put(&fixture, "asmith/lab3/src/b.c", "");
	put(&fixture, "half/a.c", "abc");
	scan(&fixture);
	ck_assert_uint_eq(fixture.entries.count, 3);
	const struct entry *smith = entry_at(&fixture, 0, "asmith");
	ck_assert_str_eq(smith->hash,
			 "e97836b7815369abde27dbe3d5eaa1eeff917bba206c63a95cc620078ccb4823");
	ck_assert_int_eq(smith->state, ENTRY_QUEUED);
	const struct entry *half = entry_at(&fixture, 1, "half");
	ck_assert_str_ne(half->hash, smith->hash);
	ck_assert_str_eq(half->note, "b.c is missing");
	const struct entry *doe = entry_at(&fixture, 2, "jdoe");
	ck_assert_str_eq(doe->hash, smith->hash);
	ck_assert_ptr_nonnull(strstr(doe->note, "notes.txt is not part of this lab"));
	ck_assert_uint_eq(doe->member_count, 1);
	ck_assert_str_eq(doe->members[0].login, "jdoe");
	fini(&fixture);
}
END_TEST

START_TEST(objects_are_read_only_and_checked)
{
	struct fixture fixture = make();
	put(&fixture, "jdoe/a.c", "abc");
	put(&fixture, "jdoe/b.c", "");
	put(&fixture, "jdoe/schedules/one", "T1\n");
	scan(&fixture);
	const struct entry *doe = entry_at(&fixture, 0, "jdoe");
	AUTO_FREE char *out = must_printf("%s/out", fixture.top);
	AUTO_FREE char *object = object_path(out, doe->hash);
	AUTO_FREE char *file = must_printf("%s/schedules/one", object);
	ck_assert(object_is_intact(&fixture.lab, out, doe->hash));
	struct stat info;
	ck_assert_int_eq(stat(file, &info), 0);
	ck_assert_uint_eq(info.st_mode & 0777, 0444);
	ck_assert_int_eq(stat(object, &info), 0);
	ck_assert_uint_eq(info.st_mode & 0777, 0555);
	ck_assert_int_eq(chmod(file, 0644), 0);
	ck_assert_int_eq(truncate(file, 1), 0);
	ck_assert(!object_is_intact(&fixture.lab, out, doe->hash));
	entries_fini(&fixture.entries);
	scan(&fixture); /* makes it again */
	ck_assert(object_is_intact(&fixture.lab, out, fixture.entries.item[0].hash));
	fini(&fixture);
}
END_TEST

START_TEST(what_cannot_be_graded_is_said)
{
	struct fixture fixture = make();
	put(&fixture, "none/readme.c", "");
	put(&fixture, "two/v1/a.c", "1");
	put(&fixture, "two/v2/a.c", "2");
	put(&fixture, "same/v1/a.c", "1");
	put(&fixture, "same/v2/a.c", "1");
	scan(&fixture);
	const struct entry *none = entry_at(&fixture, 0, "none");
	ck_assert_int_eq(none->state, ENTRY_UNREADABLE);
	ck_assert_ptr_nonnull(strstr(none->note, "none of the lab's files"));
	ck_assert_str_eq(none->hash, "");
	ck_assert_int_eq(entry_at(&fixture, 1, "same")->state, ENTRY_QUEUED);
	const struct entry *two = entry_at(&fixture, 2, "two");
	ck_assert_int_eq(two->state, ENTRY_UNREADABLE);
	ck_assert_ptr_nonnull(strstr(two->note, "'v1' and in 'v2'"));
	fini(&fixture);
}
END_TEST

/* Moves the class into an archive made by `command`, and scans that. */
static void scan_packed(struct fixture *fixture, const char *command)
{
	AUTO_FREE char *text = must_printf("cd %s && %s && rm -r class", fixture->top, command);
	ck_assert_int_eq(system(text), 0); /* NOLINT(cert-env33-c): a folder of ours */
	AUTO_FREE char *class = must_printf("%s/class.tar.gz", fixture->top);
	AUTO_FREE char *out = must_printf("%s/out", fixture->top);
	struct batch_conf conf;
	batch_conf_load(NULL, class, &conf);
	const struct scan_options options = { .submissions = class, .out = out, .conf = &conf };
	scan_class(&fixture->lab, &options, &fixture->entries);
	batch_conf_fini(&conf);
}

START_TEST(a_class_comes_in_an_archive)
{
	static const char *const commands[] = { "tar czf class.tar.gz class",
						"tar czf class.tar.gz -C class ." };
	struct fixture fixture = make();
	put(&fixture, "jdoe/a.c", "abc");
	put(&fixture, "jdoe/b.c", "");
	put(&fixture, "asmith/deep/a.c", "abc");
	put(&fixture, "asmith/deep/b.c", "");
	put(&fixture, "bad/a.c", "abc");
	put(&fixture, "bad/back\\slash.c", "");
	put(&fixture, "worse/back\\slash.c", "");
	scan_packed(&fixture, commands[_i]);
	ck_assert_uint_eq(fixture.entries.count, 4);
	const char *hash = entry_at(&fixture, 0, "asmith")->hash;
	ck_assert_str_eq(hash, "e97836b7815369abde27dbe3d5eaa1eeff917bba206c63a95cc620078ccb4823");
	const struct entry *bad = entry_at(&fixture, 1, "bad");
	ck_assert_int_eq(bad->state, ENTRY_UNREADABLE);
	ck_assert_str_eq(bad->note, "'bad/back\\slash.c' holds a backslash");
	ck_assert_str_eq(entry_at(&fixture, 2, "jdoe")->hash, hash);
	const struct entry *worse = entry_at(&fixture, 3, "worse");
	ck_assert_int_eq(worse->state, ENTRY_UNREADABLE);
	ck_assert_str_eq(worse->members[0].login, "worse");
	AUTO_FREE char *scratch = must_printf("%s/out/scan", fixture.top);
	ck_assert(!folder_exists(scratch));
	fini(&fixture);
}
END_TEST

START_TEST(hand_ins_are_archives)
{
	struct fixture fixture = make();
	put(&fixture, "jdoe/a.c", "abc");
	put(&fixture, "jdoe/b.c", "");
	AUTO_FREE char *text = must_printf(
		"cd %s/class/jdoe && tar czf ../asmith.tgz . && tar cf inner.tar a.c b.c && "
		"mkdir ../nested ../beside && tar cf ../nested/outer.tar a.c b.c && "
		"tar cf ../third.tar inner.tar && tar cf third.tar inner.tar && "
		"tar cf ../fourth.tar third.tar && mv inner.tar third.tar ../beside && "
		"cp a.c ../beside && echo >../rar.rar",
		fixture.top);
	ck_assert_int_eq(system(text), 0); /* NOLINT(cert-env33-c): a folder of ours */
	put(&fixture, "rar/x.rar", "Rar!");
	scan(&fixture);
	static const char *const names[] = { "asmith", "beside", "fourth", "jdoe",
					     "nested", "rar",    "third" };
	ck_assert_uint_eq(fixture.entries.count, 7);
	for (size_t i = 0; i < 7; i++)
		(void)entry_at(&fixture, i, names[i]);
	const struct entry *item = fixture.entries.item;
	ck_assert_str_eq(item[0].hash, item[3].hash);
	ck_assert_ptr_nonnull(strstr(item[1].note, "inner.tar was not opened"));
	ck_assert_int_eq(item[1].state, ENTRY_QUEUED);
	ck_assert_int_eq(item[2].state, ENTRY_UNREADABLE); /* an archive too deep */
	ck_assert_str_eq(item[4].hash, item[3].hash);
	ck_assert_int_eq(item[5].state, ENTRY_UNREADABLE);
	ck_assert_ptr_nonnull(strstr(item[5].note, "x.rar is no archive that is read"));
	ck_assert_str_eq(item[6].hash, item[3].hash);
	fini(&fixture);
}
END_TEST

START_TEST(a_course_has_people_and_a_due_date)
{
	struct fixture fixture = make();
	put(&fixture, "lab3-submissions/lab3-jdoe/a.c", "abc");
	put(&fixture, "lab3-submissions/lab3-jdoe/.github/x.c", "");
	put(&fixture, "lab3-submissions/lab3-jdoe/.git/a.c", "");
	put(&fixture, "lab3-submissions/lab3-al/a.c", "abc");
	put(&fixture, "lab3-submissions/classroom_roster.csv",
	    "identifier,github_username\nj@x.org,jdoe\nU2,al\nU3,bo\n");
	scan(&fixture);
	ck_assert_str_eq(fixture.entries.layout, "classroom");
	ck_assert_uint_eq(fixture.entries.count, 3);
	ck_assert_int_eq(entry_at(&fixture, 1, "bo")->state, ENTRY_MISSING);
	ck_assert_str_eq(entry_at(&fixture, 2, "jdoe")->members[0].email, "j@x.org");
	ck_assert_str_eq(fixture.entries.item[2].hash, fixture.entries.item[0].hash);
	fini(&fixture);
	fixture = make();
	put(&fixture, "batch.conf", "[input]\nroster = r.csv\ndue = 2026-11-21T23:59:00Z\n");
	put(&fixture, "r.csv",
	    "login,submitted\nin-time,2026-11-21T23:59:00Z\nlate,2026-11-21T23:59:01Z\n"
	    "empty,\n");
	put(&fixture, "in-time/a.c", "");
	put(&fixture, "late/a.c", "");
	put(&fixture, "never/a.c", "");
	put(&fixture, "slides/lab.pdf", "");
	put(&fixture, "empty/readme.txt", "");
	scan(&fixture);
	ck_assert_uint_eq(fixture.entries.count, 4);
	ck_assert_int_eq(entry_at(&fixture, 0, "empty")->state, ENTRY_UNREADABLE);
	ck_assert_int_eq(entry_at(&fixture, 1, "in-time")->late, 0);
	ck_assert_int_eq(entry_at(&fixture, 2, "late")->late, 1);
	ck_assert_int_eq(entry_at(&fixture, 3, "never")->late, -1);
	ck_assert_uint_eq(fixture.entries.warnings.count, 1);
	fini(&fixture);
}
END_TEST

/* What make grade gives no points for is not graded as if it were not there. */
START_TEST(what_is_unusable_is_not_missing)
{
	struct fixture fixture = make();
	put(&fixture, "fine/a.c", "abc");
	put(&fixture, "fine/b.c", "");
	put(&fixture, "folder/a.c", "abc");
	put(&fixture, "folder/b.c", "");
	put(&fixture, "folder/answers.conf/x", "");
	put(&fixture, "large/a.c", "abc");
	put(&fixture, "large/b.c", "");
	put(&fixture, "large/answers.conf", "");
	AUTO_FREE char *large = must_printf("%s/class/large/answers.conf", fixture.top);
	ck_assert_int_eq(truncate(large, 256 * 1024 + 1), 0);
	scan(&fixture);
	const struct entry *folder = entry_at(&fixture, 1, "folder");
	const struct entry *too_large = entry_at(&fixture, 2, "large");
	ck_assert_str_ne(entry_at(&fixture, 0, "fine")->hash, folder->hash);
	ck_assert_str_eq(folder->hash, too_large->hash);
	ck_assert_ptr_nonnull(strstr(folder->note, "answers.conf is a folder"));
	ck_assert_ptr_nonnull(strstr(too_large->note, "answers.conf is larger than 256 KiB"));
	AUTO_FREE char *out = must_printf("%s/out", fixture.top);
	AUTO_FREE char *object = object_path(out, folder->hash);
	ck_assert(object_is_intact(&fixture.lab, out, folder->hash));
	struct submission submission;
	submission_collect(&fixture.lab, object, &submission);
	ck_assert_ptr_nonnull(submission.finding);
	submission_fini(&submission);
	fini(&fixture);
}
END_TEST

START_TEST(a_link_leads_nowhere)
{
	struct fixture fixture = make();
	put(&fixture, "jdoe/a.c", "abc");
	AUTO_FREE char *link = must_printf("%s/class/jdoe/b.c", fixture.top);
	AUTO_FREE char *folder = must_printf("%s/class/evil", fixture.top);
	ck_assert_int_eq(symlink("/etc/passwd", link), 0);
	ck_assert_int_eq(symlink("jdoe", folder), 0);
	scan(&fixture);
	ck_assert_uint_eq(fixture.entries.count, 1);
	ck_assert_ptr_nonnull(strstr(entry_at(&fixture, 0, "jdoe")->note,
				     "b.c is a symbolic link and counts as missing"));
	ck_assert_uint_eq(fixture.entries.warnings.count, 1);
	fini(&fixture);
}
END_TEST

TCase *scan_test(void)
{
	TCase *tests = tcase_create("scan");
	tcase_add_test(tests, each_folder_is_an_entry);
	tcase_add_test(tests, objects_are_read_only_and_checked);
	tcase_add_test(tests, what_cannot_be_graded_is_said);
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, a_class_comes_in_an_archive, 0, 2);
	tcase_add_test(tests, hand_ins_are_archives);
	tcase_add_test(tests, a_course_has_people_and_a_due_date);
	tcase_add_test(tests, what_is_unusable_is_not_missing);
	tcase_add_test(tests, a_link_leads_nowhere);
	return tests;
}
